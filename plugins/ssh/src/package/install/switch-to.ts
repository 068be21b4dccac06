import {names, runThere, type Place} from './place.js'
import {shellWord} from '../../host/shell-words.js'

/** Makes a version the current one, at one stroke; `null`: none. */
export async function switchTo(place: Place, id: string | null): Promise<void> {
  const {root} = place
  const beside = `.${names.current}.tmp`
  const script =
    id === null
      ? `rm -f ${names.current}`
      : `ln -sfn ${shellWord(`${names.versions}/${id}`)} ${beside} && { mv -T ${beside} ${names.current} 2>/dev/null || mv -fh ${beside} ${names.current}; }`
  await runThere(place, `cd ${shellWord(root)} && ${script}`, `switch '${names.current}' to ${id ?? 'nothing'}`)
}

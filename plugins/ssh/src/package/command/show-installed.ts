import {versionOf, type Installed} from '../install/state.js'

interface ListedVersion {
  readonly id: string
  readonly version: string
  readonly sizeKib: number
  /** ISO 8601. */
  readonly at: string
  /** `current`, `previous` (a rollback returns to it), `trial` (it is being deployed), `refused`. */
  readonly is: readonly string[]
  /** Why it was refused. */
  readonly reason: string | null
}

/** Newest first. */
export function listVersions({versions, current, state}: Installed): readonly ListedVersion[] {
  const {previous, refused, trial} = state
  return versions.toReversed().map((version) => {
    const {id} = version
    const words = {
      current: id === current,
      previous: id === previous,
      trial: id === trial?.id,
      refused: id === refused?.id,
    }
    const is = Object.entries(words).flatMap(([word, holds]) => (holds ? [word] : []))
    return {...version, is, reason: id === refused?.id ? refused.reason : null}
  })
}

/** For people. */
export function versionLines(installed: Installed): readonly string[] {
  const listed = listVersions(installed)
  if (listed.length === 0) return ['No version is installed.']
  const width = Math.max(...listed.map(({id}) => id.length))
  return listed.map(({id, at, sizeKib, is, reason}) => {
    const why = reason === null ? '' : ` (${versionOf(id)} ${reason})`
    return `${id.padEnd(width)}  ${at.slice(0, 19).replace('T', ' ')}  ${String(sizeKib).padStart(8)} KiB  ${is.join(', ')}${why}`.trimEnd()
  })
}

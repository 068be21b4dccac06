import {readdir, stat} from 'node:fs/promises'
import path from 'node:path'

/**
 * What an attempt of this service before this one has left under a name, because it crashed: the newest. One that was stopped leaves nothing.
 * @param within what of it is written to, and so tells its age
 */
export async function leftBehind(runDirectory: string, name: string, within = '.'): Promise<string | undefined> {
  if (process.env['HARNESS_RUN_DIR'] === undefined) return undefined
  const attempts = path.dirname(runDirectory)
  const found = await Promise.all(
    (await readdir(attempts)).map(async (attempt) => {
      const place = path.join(attempts, attempt, name)
      const time = (await stat(path.join(place, within)).catch(() => undefined))?.mtimeMs
      return time === undefined || path.dirname(place) === runDirectory ? [] : [{place, time}]
    }),
  )
  return found.flat().sort((a, b) => b.time - a.time)[0]?.place
}

import {readdir, rename, rm, stat} from 'node:fs/promises'
import path from 'node:path'
import {runDirectory} from '../../shared/launch/run-directory.js'

const name = 'ipfs'

export interface ServiceFolder {
  readonly folder: string
  /** Comes with a stop that was asked for; harness keeps the rest of the attempt's folder until the next start. */
  readonly remove: () => Promise<void>
}

/** A folder of the user's, in which everything stays. */
export function keptFolder(folder: string): ServiceFolder {
  return {folder: path.resolve(folder), remove: () => Promise.resolve()}
}

/**
 * A folder for what is there as long as the service is, in that of the attempt. What an attempt before has left, because it crashed, is taken over.
 */
export async function openFolder(): Promise<ServiceFolder> {
  const folder = path.join(await runDirectory(name), name)
  const earlier = await leftBehind(path.dirname(folder))
  if (earlier !== undefined) await rename(earlier, folder)
  return {folder, remove: () => rm(folder, {recursive: true, force: true, maxRetries: 3})}
}

/** The newest one of this service; a service that was stopped has none. */
async function leftBehind(attempt: string): Promise<string | undefined> {
  if (process.env['HARNESS_RUN_DIR'] === undefined) return undefined
  const siblings = path.dirname(attempt)
  const found = await Promise.all(
    (await readdir(siblings)).map(async (each) => {
      const place = path.join(siblings, each, name)
      const time = (await stat(place).catch(() => undefined))?.mtimeMs
      return time === undefined || path.dirname(place) === attempt ? [] : [{place, time}]
    }),
  )
  return found.flat().sort((a, b) => b.time - a.time)[0]?.place
}

import {rename, rm} from 'node:fs/promises'
import path from 'node:path'
import {leftBehind} from '../../shared/launch/left-behind.js'
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
  const earlier = await leftBehind(path.dirname(folder), name)
  if (earlier !== undefined) await rename(earlier, folder)
  return {folder, remove: () => rm(folder, {recursive: true, force: true, maxRetries: 3})}
}

import {rename} from 'node:fs/promises'
import {isoTime, type Clock} from './clock.js'
import {newId} from './ids.js'

/** The end of the name that damaged files get, `.corrupt-<time>-<4 digits>`: those of one clock sort by their age. */
export function corruptSuffix(clock: Clock): string {
  return `.corrupt-${isoTime(clock.now()).replace(/[:.]/g, '-')}-${newId().slice(0, 4)}`
}

/** Renames a damaged file, which is evidence, out of the way. Answers its new path. */
export async function putAside(file: string, clock: Clock): Promise<string> {
  const kept = file + corruptSuffix(clock)
  await rename(file, kept)
  return kept
}

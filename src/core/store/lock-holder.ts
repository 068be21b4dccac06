import {closeSync, constants, openSync} from 'node:fs'
import {flock} from './flock.js'
import {isAlive, readOwner, type Owner} from './owner.js'

/** Who owns a state directory right now, by the kernel's lock and the name in the file. Changes nothing. */
export async function lockHolder(paths: {readonly lock: string}): Promise<Owner | undefined> {
  const descriptor = openIfThere(paths.lock)
  if (descriptor === undefined) return undefined
  try {
    // A lock that we get is nobody's, and goes with the descriptor. A daemon that starts in this moment tries again.
    if (await flock(descriptor)) return undefined
    const owner = readOwner(descriptor)
    return owner && isAlive(owner) ? owner : undefined
  } finally {
    closeSync(descriptor)
  }
}

function openIfThere(file: string): number | undefined {
  try {
    return openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW)
  } catch {
    return undefined
  }
}

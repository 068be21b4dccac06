import {execFileSync} from 'node:child_process'
import {statSync} from 'node:fs'
import path from 'node:path'

/** Whom PostgreSQL runs as, where this process is root: it refuses that. */
export interface Owner {
  readonly uid: number
  readonly gid: number
}

/** `undefined`: whoever this process is. @param folder data that may be somebody's already */
export function ownerOf(folder: string | undefined): Owner | undefined {
  if (process.getuid?.() !== 0) return undefined
  const found = folder === undefined ? undefined : statSync(folder, {throwIfNoEntry: false})
  if (found && found.uid !== 0) return {uid: found.uid, gid: found.gid}
  const known = lookUp('postgres') ?? lookUp('nobody')
  if (known) return known
  throw new Error(`PostgreSQL refuses to run as root, and this machine has neither a user 'postgres' nor 'nobody'.`)
}

function lookUp(name: string): Owner | undefined {
  try {
    const [uid, gid] = ['-u', '-g'].map((flag) =>
      Number(execFileSync('id', [flag, name], {encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore']})),
    )
    return uid === undefined || gid === undefined ? undefined : {uid, gid}
  } catch {
    return undefined
  }
}

/** The first folder on the way to this one, itself too, that this user cannot enter. */
export function closedTo(folder: string, owner: Owner): string | undefined {
  const parent = path.dirname(folder)
  const above = parent === folder ? undefined : closedTo(parent, owner)
  return above ?? (canEnter(folder, owner) ? undefined : folder)
}

function canEnter(folder: string, {uid, gid}: Owner): boolean {
  const found = statSync(folder, {throwIfNoEntry: false})
  // What is not there yet will be made for it.
  if (!found) return true
  if (found.uid === uid) return (found.mode & 0o100) !== 0
  return (found.mode & (found.gid === gid ? 0o010 : 0o001)) !== 0
}

import {
  appendFile,
  chmod,
  chown,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  symlink,
} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {leftBehind} from '../../shared/launch/left-behind.js'
import {closedTo, type Owner} from './owner.js'

const name = 'postgres'
const temporary = 'harness-postgres-'

/**
 * The folder for what is there as long as the service is, and is handed on from an attempt that has crashed to the next. It lies in the folder of the attempt, with all
 * that is in it; or, as nobody but root may enter that, in the folder for temporary files, with a link from there.
 */
export interface Scratch {
  /** Whoever runs PostgreSQL may write here. An absolute path without links. */
  readonly folder: string
  /** An attempt before this one has left it. */
  readonly inherited: boolean
  /** Removes all of it. */
  remove(): Promise<void>
}

export async function openScratch(runDirectory: string, owner: Owner | undefined): Promise<Scratch> {
  const place = path.join(runDirectory, name)
  if (owner) await sweep()
  const earlier = await leftBehind(runDirectory, name, 'work')
  if (earlier !== undefined) await move(earlier, place)
  else if (owner) await makeElsewhere(place, owner)
  else await mkdir(place, {mode: 0o700})
  const real = await realpath(place)
  const folder = path.join(real, 'work')
  await mkdir(folder, {recursive: true, mode: 0o700})
  if (owner) await chown(folder, owner.uid, owner.gid)
  return {
    folder,
    inherited: earlier !== undefined,
    async remove() {
      for (const each of [real, place]) await rm(each, {recursive: true, force: true, maxRetries: 3})
    },
  }
}

/** Its new place is noted before it has it: at no time may it look like a leftover. */
async function move(from: string, to: string): Promise<void> {
  if ((await lstat(from)).isSymbolicLink()) await note(await realpath(from), to)
  await rename(from, to)
}

async function makeElsewhere(place: string, owner: Owner): Promise<void> {
  const folder = await mkdtemp(path.join(await openFolder(owner), temporary))
  // Others may go through it, to what is theirs inside.
  await chmod(folder, 0o711)
  await symlink(folder, place)
  await note(folder, place)
}

function openFolder(owner: Owner): Promise<string> {
  const found = [tmpdir(), '/tmp', '/var/tmp'].find((folder) => closedTo(folder, owner) === undefined)
  if (found !== undefined) return realpath(found)
  throw new Error(`PostgreSQL refuses to run as root, and user ${owner.uid} can enter no folder for temporary files.`)
}

const noteName = 'place'

function note(folder: string, place: string): Promise<void> {
  return appendFile(path.join(folder, noteName), `${place}\n`, {mode: 0o600})
}

/** Removes what belongs to no attempt any more: harness has removed the folder with the link, and could not know of this. */
async function sweep(): Promise<void> {
  for (const parent of new Set([tmpdir(), '/tmp', '/var/tmp'])) {
    const names = await readdir(parent).catch(() => [])
    for (const each of names.filter((entry) => entry.startsWith(temporary))) {
      const folder = path.join(parent, each)
      if (await isLeftOver(folder)) await rm(folder, {recursive: true, force: true}).catch(() => undefined)
    }
  }
}

async function isLeftOver(folder: string): Promise<boolean> {
  const {uid} = await lstat(folder)
  const places = await readFile(path.join(folder, noteName), 'utf8').catch(() => '')
  if (uid !== 0 || places === '') return false
  for (const place of places.split('\n').filter((line) => line !== '')) {
    const target = await readlink(place).catch(() => undefined)
    if (target !== undefined && (await realpath(target).catch(() => undefined)) === (await realpath(folder)))
      return false
  }
  return true
}

import {randomBytes} from 'node:crypto'
import {constants} from 'node:fs'
import {chmod, mkdir, open, readFile, realpath, rename, rm, stat} from 'node:fs/promises'
import path from 'node:path'
import type {Address} from '../address/resolve-address.js'
import {hashOf, knownName, typeOfKey, type KnownKey} from './known-hosts.js'

/** Adds a key to a file at its end, as a line that is there whole or not at all. The file and its folder are made, for this user alone. */
export async function addKnownHost(file: string, address: Address, key: Buffer): Promise<void> {
  await mkdir(path.dirname(file), {recursive: true, mode: 0o700})
  const handle = await open(file, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT, 0o600)
  try {
    const {size} = await handle.stat()
    const last = Buffer.alloc(1)
    if (size > 0) await handle.read(last, 0, 1, size - 1)
    // Others may write at the same time: what comes before is none of ours.
    const line = Buffer.from(`${size > 0 && last.toString() !== '\n' ? '\n' : ''}${knownLine(address, key)}\n`)
    const {bytesWritten} = await handle.write(line)
    if (bytesWritten < line.length) {
      await handle.truncate(size)
      throw new Error('there is no room for it on the disk')
    }
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Takes lines out of a file, which is there whole at any time. */
export async function removeKnownHosts(file: string, keys: readonly KnownKey[]): Promise<void> {
  const lines = new Set(keys.filter((key) => key.file === file).map(({line}) => line))
  if (lines.size === 0) return
  const target = await realpath(file)
  const kept = (await readFile(target, 'utf8')).split('\n').filter((_line, index) => !lines.has(index + 1))
  const beside = `${target}.${randomBytes(6).toString('hex')}`
  try {
    const handle = await open(beside, 'wx', 0o600)
    try {
      await handle.writeFile(kept.join('\n'))
      await handle.sync()
    } finally {
      await handle.close()
    }
    await chmod(beside, (await stat(target)).mode & 0o777)
    await rename(beside, target)
  } catch (error) {
    await rm(beside, {force: true})
    throw error
  }
}

function knownLine(address: Address, key: Buffer): string {
  const name = knownName(address)
  const salt = randomBytes(20)
  const hosts = address.hashKnownHosts ? `|1|${salt.toString('base64')}|${hashOf(name, salt).toString('base64')}` : name
  return `${hosts} ${typeOfKey(key)} ${key.toString('base64')}`
}

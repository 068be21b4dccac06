import {ftruncateSync, readSync, writeSync} from 'node:fs'
import {isoTime, systemClock} from '../base/clock.js'
import {systemCode} from '../base/errors.js'
import {isJsonObject} from '../base/json.js'

/** What the lock file says about the process that holds it. */
export interface Owner {
  readonly pid: number
  /** ISO 8601. */
  readonly startedAt: string
}

/** Names this process in the lock file. */
export function writeOwner(descriptor: number): void {
  const owner: Owner = {pid: process.pid, startedAt: isoTime(systemClock.now())}
  const text = `${JSON.stringify(owner)}\n`
  writeSync(descriptor, text, 0)
  ftruncateSync(descriptor, Buffer.byteLength(text))
}

/** `undefined` while the owner has not written its name yet. */
export function readOwner(descriptor: number): Owner | undefined {
  const bytes = Buffer.alloc(1024)
  const length = readSync(descriptor, bytes, 0, bytes.length, 0)
  return parseOwner(bytes.toString('utf8', 0, length))
}

function parseOwner(text: string): Owner | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (!isJsonObject(value)) return undefined
    const {pid, startedAt} = value
    return Number.isSafeInteger(pid) && typeof startedAt === 'string' ? {pid: Number(pid), startedAt} : undefined
  } catch {
    return undefined
  }
}

/** A name that a killed owner left behind names nobody. */
export function isAlive(owner: Owner): boolean {
  try {
    process.kill(owner.pid, 0)
    return true
  } catch (error) {
    return systemCode(error) === 'EPERM'
  }
}

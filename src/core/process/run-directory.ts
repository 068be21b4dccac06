import {chmodSync, closeSync, mkdirSync, openSync, readFileSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {systemCode} from '../base/errors.js'
import type {ProcessIdentity} from './identity.js'
import {logHeader} from './log/log-file.js'
import {bootId} from './platform.js'

/** The files of one attempt. What each is for: shim.ts. */
export function runPaths(directory: string) {
  return {
    directory,
    command: path.join(directory, 'command'),
    claim: path.join(directory, 'claim'),
    run: path.join(directory, 'run'),
    exit: path.join(directory, 'exit'),
    stopping: path.join(directory, 'stopping'),
    /** Standard input, where there is any. */
    input: path.join(directory, 'in'),
    out: path.join(directory, 'out.log'),
    err: path.join(directory, 'err.log'),
  } as const
}

export type RunPaths = ReturnType<typeof runPaths>

/** What ran: written before the program began. */
export interface RunRecord {
  readonly shim: ProcessIdentity
  readonly program: ProcessIdentity
}

/** How it ended. */
export interface ExitRecord {
  /** As a shell reports it: 128 + n for signal n. */
  readonly code: number
  /** When the program ended, in seconds since boot. */
  readonly ended: number
}

export type Claim = {readonly by: 'daemon'} | {readonly by: 'shim'; readonly shim: ProcessIdentity}

/** Room for a record, taken before anything starts. */
const blank = ' '.repeat(255) + '\n'

/** Makes the folder of an attempt with everything that writing later could fail for: a full disk shows here, before the start. */
export function createRunDirectory(paths: RunPaths, command: string, merge: boolean): void {
  mkdirSync(path.dirname(paths.directory), {recursive: true, mode: 0o700})
  mkdirSync(paths.directory, {mode: 0o700})
  chmodSync(paths.directory, 0o700)
  const create = (file: string, content: string): void => {
    writeFileSync(file, content, {flag: 'wx', mode: 0o600})
  }
  create(paths.exit, blank)
  create(paths.run, blank)
  create(paths.command, command)
  create(paths.out, logHeader)
  if (!merge) create(paths.err, logHeader)
}

/** Takes the right to decide that this attempt never starts. `false`: the shim was first, or there is no such folder. */
export function claimRun(paths: RunPaths): boolean {
  let fd
  try {
    fd = openSync(paths.claim, 'wx', 0o600)
  } catch (error) {
    if (['EEXIST', 'ENOENT'].includes(systemCode(error) ?? '')) return false
    throw error
  }
  try {
    writeFileSync(fd, 'claim daemon\n')
  } catch {
    // Without room on the disk it is taken all the same: that it exists is what keeps the shim out.
  } finally {
    closeSync(fd)
  }
  return true
}

/** `undefined`: nobody has it, or its holder is just writing it. */
export function readClaim(paths: RunPaths): Claim | undefined {
  const [word, pid, tick, boot] = readRecord(paths.claim) ?? []
  if (word !== 'claim' || pid === undefined) return undefined
  if (pid === 'daemon') return {by: 'daemon'}
  return {by: 'shim', shim: {boot: boot ?? '', pid: Number(pid), startTick: Number(tick)}}
}

export function readRun(paths: RunPaths): RunRecord | undefined {
  const [word, shim, shimTick, pid, tick, boot] = readRecord(paths.run) ?? []
  if (word !== 'run' || boot === undefined) return undefined
  return {
    shim: {boot, pid: Number(shim), startTick: Number(shimTick)},
    program: {boot, pid: Number(pid), startTick: Number(tick)},
  }
}

export function readExit(paths: RunPaths): ExitRecord | undefined {
  const [word, code, ended] = readRecord(paths.exit) ?? []
  if (word !== 'exit' || ended === undefined) return undefined
  return {code: Number(code), ended: Number(ended)}
}

/** Does anything of this attempt belong to the present boot of the machine? */
export function isOfThisBoot(identity: ProcessIdentity): boolean {
  return identity.boot === bootId()
}

/** The words of a complete first line. */
function readRecord(file: string): readonly string[] | undefined {
  let text
  try {
    text = readFileSync(file, 'latin1')
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  }
  const line = text.slice(0, Math.max(text.indexOf('\n'), 0))
  return line.trim() === '' || line.length >= blank.length - 1 ? undefined : line.split(' ')
}

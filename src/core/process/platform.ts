import {accessSync, closeSync, constants, openSync, readdirSync, readFileSync, readlinkSync, readSync} from 'node:fs'
import path from 'node:path'
import {HarnessError, systemCode} from '../base/errors.js'

/** What the kernel says about a process in `/proc/<pid>/stat`. */
export interface ProcessStat {
  readonly pid: number
  /** `Z` and `X` are dead: only their exit code is left. */
  readonly state: string
  readonly ppid: number
  readonly pgrp: number
  readonly session: number
  /** Clock ticks between boot and its start: with the pid, its identity within one boot. */
  readonly startTick: number
  /** The first 15 characters of its name. */
  readonly name: string
}

/** The programs that starting a service needs, by their absolute paths. */
export interface PlatformTools {
  readonly sh: string
  readonly setsid: string
  readonly env: string
}

const ticksPerSecond = 100

/** Throws PLATFORM_UNSUPPORTED, or EXECUTOR_UNAVAILABLE naming what this machine lacks; answers the tools otherwise. */
export function requirePlatform(): PlatformTools {
  if (process.platform !== 'linux') throw new HarnessError('PLATFORM_UNSUPPORTED', {subject: process.platform})
  if (readStat(process.pid) === undefined) {
    throw new HarnessError('EXECUTOR_UNAVAILABLE', {
      subject: 'process',
      reason: '/proc does not show the processes of this machine',
      hint: 'Mount it: mount -t proc proc /proc.',
    })
  }
  return {sh: requireTool('sh'), setsid: requireTool('setsid'), env: requireTool('env')}
}

/** Where to look for the system's own programs, whatever the environment of the service or the daemon says. */
export function toolPath(): string {
  return [process.env['PATH'], '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'].filter(Boolean).join(':')
}

/** The absolute path of a program of the system. */
export function findTool(name: string): string | undefined {
  return toolPath()
    .split(':')
    .filter((folder) => path.isAbsolute(folder))
    .map((folder) => path.join(folder, name))
    .find(isExecutable)
}

function requireTool(name: string): string {
  const found = findTool(name)
  if (found !== undefined) return found
  throw new HarnessError('EXECUTOR_UNAVAILABLE', {
    subject: 'process',
    reason: `the program '${name}' was not found in ${toolPath()}`,
    hint: `Install '${name}' (package coreutils or util-linux).`,
  })
}

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

let knownBootId: string | undefined

/** Differs after every boot of the machine. */
export function bootId(): string {
  knownBootId ??= readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()
  return knownBootId
}

/** `undefined` when there is no such process. */
export function readStat(pid: number): ProcessStat | undefined {
  const text = readProc(`/proc/${pid}/stat`)?.toString('latin1')
  return text === undefined ? undefined : parseStat(text)
}

/** Reads one line of `/proc/<pid>/stat`. The name stands in parentheses and may itself hold spaces and parentheses. */
export function parseStat(text: string): ProcessStat | undefined {
  const open = text.indexOf('(')
  const close = text.lastIndexOf(')')
  const rest = text.slice(close + 2).split(' ')
  const at = (field: number): number => Number(rest[field - 3])
  const state = rest[0]
  if (open < 0 || close < open || state === undefined || rest.length < 20) return undefined
  return {
    pid: Number(text.slice(0, open)),
    state,
    ppid: at(4),
    pgrp: at(5),
    session: at(6),
    startTick: at(22),
    name: text.slice(open + 1, close),
  }
}

/** The value of a variable that a process was started with; `undefined` when it has none, is gone or belongs to someone else. */
export function readVariable(pid: number, name: string): string | undefined {
  const environ = readProc(`/proc/${pid}/environ`)
  if (environ === undefined) return undefined
  const prefix = Buffer.from(`${name}=`)
  for (let at = environ.indexOf(prefix); at >= 0; at = environ.indexOf(prefix, at + 1)) {
    if (at > 0 && environ[at - 1] !== 0) continue
    const end = environ.indexOf(0, at)
    return environ.toString('utf8', at + prefix.length, end < 0 ? environ.length : end)
  }
  return undefined
}

/** The program and arguments of a process; empty for kernel threads and zombies. */
export function readArguments(pid: number): readonly string[] {
  const text = readProc(`/proc/${pid}/cmdline`)?.toString('utf8') ?? ''
  return text === '' ? [] : text.replace(/\0$/, '').split('\0')
}

/** What a descriptor of a process is open on; `undefined` when it is none, gone or someone else's. */
export function readOpenFile(pid: number, descriptor: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/fd/${descriptor}`)
  } catch {
    return undefined
  }
}

export function listPids(): readonly number[] {
  return readdirSync('/proc').map(Number).filter(Number.isInteger)
}

/** Seconds since boot, as the shell can read them too. */
export function uptime(): number {
  return Number.parseFloat(readFileSync('/proc/uptime', 'latin1'))
}

/** The wall-clock time, in milliseconds, of a moment given in seconds since boot. */
export function timeOfUptime(seconds: number, now: number): number {
  return Math.round(now - (uptime() - seconds) * 1000)
}

/** When a process with this start tick began, in milliseconds since the epoch. */
export function timeOfTick(tick: number, now: number): number {
  return timeOfUptime(tick / ticksPerSecond, now)
}

/** The kernel's limits for a program's arguments and environment: of one string, and of all together. In bytes. */
export function argumentLimits(): {readonly one: number; readonly all: number} {
  const limits = readProc('/proc/self/limits')?.toString('latin1') ?? ''
  const stack = Number(/^Max stack size\s+(\d+)/m.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY)
  return {one: 128 * 1024, all: Math.min(Math.max(stack / 4, 128 * 1024), 6 * 1024 * 1024)}
}

/**
 * Files of /proc have no size; a few plain calls are several times faster than `readFile`. Throws when no more files can be opened:
 * a living process must not look like one that is gone.
 */
function readProc(file: string): Buffer | undefined {
  let fd
  try {
    fd = openSync(file, 'r')
  } catch (error) {
    if (['EMFILE', 'ENFILE', 'ENOMEM'].includes(systemCode(error) ?? '')) throw error
    return undefined
  }
  try {
    let content = Buffer.alloc(0)
    for (;;) {
      const size = readSync(fd, scratch)
      content = Buffer.concat([content, scratch.subarray(0, size)])
      if (size < scratch.length) return content
    }
  } catch {
    return undefined
  } finally {
    closeSync(fd)
  }
}

const scratch = Buffer.allocUnsafe(64 * 1024)

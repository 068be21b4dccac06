import {existsSync} from 'node:fs'
import {awaitRecord} from './await-record.js'
import {endStrays} from './end-strays.js'
import type {ProcessHost} from './host.js'
import {isAlive, signalProcess} from './identity.js'
import {
  claimRun,
  isOfThisBoot,
  readClaim,
  readExit,
  readRun,
  type Claim,
  type RunPaths,
  type RunRecord,
} from './run-directory.js'
import {removeAside, setAside} from './set-aside.js'

const recordMs = 2000

/** One attempt to run a service. */
export interface Attempt {
  readonly paths: RunPaths
  readonly instance: string
  /** Named in errors. */
  readonly service: string
}

/**
 * What became of an attempt that was started, or was about to be: its record, or `undefined` when nothing of it runs and, from this
 * answer on, never will. Then its folder is gone too.
 */
export async function findRun(
  attempt: Attempt,
  host: ProcessHost,
  signal?: AbortSignal,
): Promise<RunRecord | undefined> {
  const {paths} = attempt
  const run = readRun(paths) ?? (await decide(paths, host, signal)) ?? setAside(paths)
  if (run) return run
  await Promise.all([endStrays(attempt, host), removeAside(paths)])
  return undefined
}

/** When nobody has claimed it yet this takes the claim; a shim that has it gets two seconds to write its record. */
async function decide(
  paths: RunPaths,
  host: ProcessHost,
  signal: AbortSignal | undefined,
): Promise<RunRecord | undefined> {
  if (!existsSync(paths.directory) || claimRun(paths)) return undefined
  const verdict = await awaitRecord(() => decided(paths), {
    file: paths.run,
    clock: host.clock,
    ms: recordMs,
    ...(signal && {signal}),
  })
  if (verdict) return verdict === 'never' ? undefined : verdict
  const claim = readClaim(paths)
  if (claim?.by === 'shim') await killShim(claim.shim, host)
  return readRun(paths)
}

function decided(paths: RunPaths): RunRecord | 'never' | undefined {
  const claim = readClaim(paths)
  if (claim === undefined) return undefined
  return readRun(paths) ?? (isOver(claim, paths) ? 'never' : undefined)
}

function isOver(claim: Claim, paths: RunPaths): boolean {
  return claim.by === 'daemon' || !isOfThisBoot(claim.shim) || readExit(paths) !== undefined
}

/** A shim that hangs before its record: nothing but itself and what it has forked runs yet. */
async function killShim(shim: Extract<Claim, {by: 'shim'}>['shim'], host: ProcessHost): Promise<void> {
  if (!isAlive(shim)) return
  const {processes} = await host.scanner.scan()
  const children = [...processes.values()].filter(({ppid}) => ppid === shim.pid)
  signalProcess(shim, 'SIGKILL')
  for (const {pid, startTick} of children) signalProcess({boot: shim.boot, pid, startTick}, 'SIGKILL')
}

import {existsSync} from 'node:fs'
import {awaitRecord} from './await-record.js'
import {endStrays} from './end-strays.js'
import type {ProcessHost} from './host.js'
import {isAlive, signalProcess, type ProcessIdentity} from './identity.js'
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
  const {run, hanging} = await decide(paths, host, signal)
  // Out of its reach first: a shim that goes on while it is being ended could write its record, and its program would be lost with it.
  const found = run ?? setAside(paths)
  if (found) return found
  if (hanging) await killShim(hanging, host)
  await Promise.all([endStrays(attempt, host), removeAside(paths)])
  return undefined
}

interface Decision {
  readonly run: RunRecord | undefined
  /** A shim that has had its time to write its record. */
  readonly hanging?: ProcessIdentity
}

/** When nobody has claimed it yet this takes the claim; a shim that has it gets two seconds to write its record. */
async function decide(paths: RunPaths, host: ProcessHost, signal: AbortSignal | undefined): Promise<Decision> {
  const known = readRun(paths)
  if (known || !existsSync(paths.directory) || claimRun(paths)) return {run: known}
  const verdict = await awaitRecord(() => decided(paths), {
    file: paths.run,
    clock: host.clock,
    ms: recordMs,
    ...(signal && {signal}),
  })
  if (verdict) return {run: verdict === 'never' ? undefined : verdict}
  const claim = readClaim(paths)
  return {run: undefined, ...(claim?.by === 'shim' && {hanging: claim.shim})}
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
async function killShim(shim: ProcessIdentity, host: ProcessHost): Promise<void> {
  if (!isAlive(shim)) return
  const {processes} = await host.scanner.scan()
  const children = [...processes.values()].filter(({ppid}) => ppid === shim.pid)
  signalProcess(shim, 'SIGKILL')
  for (const {pid, startTick} of children) signalProcess({boot: shim.boot, pid, startTick}, 'SIGKILL')
}

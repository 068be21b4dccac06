import {writeFileSync} from 'node:fs'
import {failpoint} from '../base/failpoint.js'
import type {ExitStatus} from '../contract/command.js'
import type {StopOptions} from '../contract/workload.js'
import {awaitEnd, lostStatus, type End, type EndWatch} from './await-end.js'
import {movableDeadline} from './deadline.js'
import {endTree} from './end-tree.js'
import {toExitStatus} from './exit-status.js'
import type {ProcessHost} from './host.js'
import {isAlive, signalGroup, signalProcess, type ProcessIdentity} from './identity.js'
import {timeOfUptime} from './platform.js'
import {isOfThisBoot, type ExitRecord, type RunPaths, type RunRecord} from './run-directory.js'
import {startFailure} from './start-failure.js'
import {findTree} from './tree.js'

export interface ServiceProcessOptions {
  readonly host: ProcessHost
  readonly paths: RunPaths
  readonly run: RunRecord
  readonly instance: string
  /** Named in errors. */
  readonly service: string
  readonly program: string
  /** How long what the program leaves behind may take to end. */
  readonly graceMs: number
}

/** A program under a shim, running or ended. */
export interface ServiceProcess extends Disposable {
  /** The end of the program itself; what it left behind may still be going. */
  readonly ended: Promise<Ended>
  /** The end, once nothing of it is left. */
  wait(): Promise<Ended>
  stop(options: StopOptions): Promise<Ended>
  /** Sends a signal to the program alone. `false`: it has ended. */
  signal(signal: NodeJS.Signals): boolean
}

export interface Ended {
  readonly status: ExitStatus
  /** Milliseconds since the epoch. */
  readonly at: number
}

const recordMs = 1000

/**
 * The end of a program in one place: whichever comes first, its own end or the deadline of a stop, starts the sweep of what is
 * left, and `wait` and `stop` both wait for the sweep.
 */
export function serviceProcess(options: ServiceProcessOptions): ServiceProcess {
  const {host, paths, run, instance} = options
  const tree = {leader: run.program, instance}
  const deadline = movableDeadline(host.clock)
  const watch = awaitEnd(paths, run, host)
  const ended = watch.ended.then((end) => toEnded(end, options))
  let stopping = false
  let known: readonly ProcessIdentity[] = []
  let sweeping: Promise<void> | undefined
  let whole: Promise<Ended> | undefined

  const sweep = async (): Promise<void> => {
    const end = await endOrDeadline()
    if (!isOfThisBoot(run.program)) return
    deadline.shorten(options.graceMs)
    const groupWasAsked = stopping || (end !== undefined && 'record' in end)
    await endTree({host, tree, subject: options.service, deadline, known, groupWasAsked})
    if (end === undefined) await collectRecord(watch, options)
  }
  const endOrDeadline = async (): Promise<End | undefined> => {
    using _looks = host.fast.add(watch.look)
    return await Promise.race([watch.ended, deadline.reached.then(() => undefined)])
  }
  const swept = (): Promise<void> => {
    sweeping ??= sweep().catch((error: unknown) => {
      sweeping = undefined
      throw error
    })
    return sweeping
  }
  return {
    ended,
    wait() {
      whole ??= ended.then(() => swept().catch(() => undefined)).then(() => ended)
      return whole
    },
    async stop({graceMs, signal = 'SIGTERM'}) {
      if (isAlive(run.program)) {
        if (!stopping) {
          stopping = true
          known = findTree(await host.scanner.scan(), tree)
          markStopping(paths)
        }
        signalGroup(run.program, signal)
        signalGroup(run.program, 'SIGCONT')
        failpoint('mid-stop')
      }
      deadline.shorten(graceMs)
      await swept()
      return await ended
    },
    signal: (signal) => signalProcess(run.program, signal),
    [Symbol.dispose]() {
      watch[Symbol.dispose]()
      deadline[Symbol.dispose]()
    },
  }
}

/** After a forced end the shim needs a moment to write it down; one that hangs is not waited for. */
async function collectRecord(watch: EndWatch, {host, run}: ServiceProcessOptions): Promise<void> {
  watch.look()
  using patience = movableDeadline(host.clock)
  patience.shorten(recordMs)
  const end = await Promise.race([watch.ended, patience.reached.then(() => undefined)])
  if (end !== undefined) return
  signalProcess(run.shim, 'SIGKILL')
  watch.giveUp('the process that watched it wrote no exit code')
}

/** Tells the shim that the group was asked to end, so that nobody gets a second SIGTERM. Without room on the disk it does. */
function markStopping(paths: RunPaths): void {
  try {
    writeFileSync(paths.stopping, '', {mode: 0o600})
  } catch {
    return
  }
}

function toEnded(end: End, options: ServiceProcessOptions): Ended {
  const at = options.host.clock.now()
  if ('lost' in end) return {status: {...lostStatus(end.lost), ...(end.rebooted && {rebooted: true})}, at}
  try {
    return describeEnd(end.record, options)
  } catch {
    // Neither what was said nor the exact time can be read now; how it ended is known all the same.
    return {status: toExitStatus(end.record.code), at}
  }
}

function describeEnd({code, ended}: ExitRecord, {host, paths, run, program}: ServiceProcessOptions): Ended {
  const now = host.clock.now()
  const seconds = ended - run.program.startTick / 100
  const failure = startFailure({code, seconds}, [paths.err, paths.out], program)
  return {
    status: failure === undefined ? toExitStatus(code) : {by: 'code', code, startFailure: failure},
    at: isOfThisBoot(run.program) ? timeOfUptime(ended, now) : now,
  }
}

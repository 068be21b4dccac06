import {HarnessError} from '../../base/errors.js'
import type {StopOptions} from '../../contract/workload.js'
import {movableDeadline, type MovableDeadline} from '../../process/deadline.js'
import {endStrays} from '../../process/end-strays.js'
import {endTree} from '../../process/end-tree.js'
import {signalGroup} from '../../process/identity.js'
import {isOfThisBoot} from '../../process/run-directory.js'
import type {Ended} from '../../process/service-process.js'
import {isSuccess, wordsOf} from './manager.js'
import {systemdKind} from './state.js'
import {isUp} from './parse-units.js'
import {awaitUnitEnd, type UnitEnd, type UnitEndOptions} from './unit-end.js'

export interface UnitProcessOptions extends UnitEndOptions {
  readonly instance: string
  /** Named in errors. */
  readonly service: string
  readonly fresh: boolean
}

/** A program in a transient unit, running or ended. */
export interface UnitProcess extends Disposable {
  /** systemd has ended all of the unit. */
  readonly ended: Promise<Ended>
  /** The end, once also what has left the unit is gone. */
  wait(): Promise<Ended>
  stop(options: StopOptions): Promise<Ended>
  signal(signal: NodeJS.Signals): Promise<void>
}

const patienceMs = 10_000
const recordMs = 2000
const pauseMs = 50

export function unitProcess(options: UnitProcessOptions): UnitProcess {
  const {host, run} = options
  const end = awaitUnitEnd(options)
  const deadline = movableDeadline(host.clock)
  let asked = false
  let sweeping: Promise<void> | undefined
  let whole: Promise<Ended> | undefined

  const sweep = async (): Promise<void> => {
    using _looks = host.fast.add(end.look)
    await Promise.race([end.ended, deadline.reached])
    if (!end.isOver()) await force(options, end)
    if (run.program && !isOfThisBoot(run.program)) return
    await stopAnother(options)
    if (options.kept) await options.manager.resetFailed(options.unit).catch(() => undefined)
    await endStrays(options, host)
  }
  const swept = (): Promise<void> => {
    sweeping ??= sweep().catch((error: unknown) => {
      sweeping = undefined
      throw error
    })
    return sweeping
  }
  return {
    ended: end.ended,
    wait() {
      whole ??= end.ended.then(() => swept().catch(() => undefined)).then(() => end.ended)
      return whole
    },
    async stop({graceMs, signal = 'SIGTERM'}) {
      if (!end.isOver() && !asked) {
        asked = true
        await politely(signal, options)
      }
      deadline.shorten(graceMs)
      await swept()
      return await end.ended
    },
    signal: (signal) => sendSignal(signal, options, end),
    [Symbol.dispose]() {
      end[Symbol.dispose]()
      deadline[Symbol.dispose]()
    },
  }
}

/** Not `systemctl stop`: how long all may take was said at the start, and the one who stops may say something else. */
async function politely(signal: NodeJS.Signals, {manager, unit, run}: UnitProcessOptions): Promise<void> {
  try {
    await manager.kill(unit, signal, 'all')
    await manager.kill(unit, 'SIGCONT', 'all')
  } catch {
    // The manager does not answer; the program is a process of this machine like any other.
    if (!run.program) return
    signalGroup(run.program, signal)
    signalGroup(run.program, 'SIGCONT')
  }
}

/** Kills until systemd has written down the end. The shell that does so belongs to the unit too, and is left alone. */
async function force(options: UnitProcessOptions, end: UnitEnd): Promise<void> {
  const {host, service} = options
  const since = host.clock.monotonic()
  while (!end.isOver()) {
    const lasted = host.clock.monotonic() - since
    if (lasted > patienceMs) throw cannotEnd(service)
    if (!(await killOnce(options))) {
      await forceAlone(options, end)
      return
    }
    end.look()
    await Promise.race([end.ended, host.clock.sleep(pauseMs)])
  }
}

/** `false`: the manager does not answer. */
async function killOnce({manager, unit}: UnitProcessOptions): Promise<boolean> {
  try {
    const {sub, load} = await manager.showOne(unit)
    const isWriting = sub === 'stop-post' || sub.startsWith('final-') || load === 'not-found'
    if (!isWriting) await manager.kill(unit, 'SIGKILL', 'all')
    return true
  } catch {
    return false
  }
}

/** Without the manager: by what is known of its processes. Nobody will write down how it ended. */
async function forceAlone(options: UnitProcessOptions, end: UnitEnd): Promise<void> {
  const {host, run, instance, service} = options
  using deadline = movableDeadline(host.clock)
  deadline.shorten(0)
  if (run.program) {
    const tree = {leader: run.program, instance}
    await endTree({host, tree, subject: service, deadline, known: [], groupWasAsked: true})
  }
  await endStrays(options, host)
  using patience: MovableDeadline = movableDeadline(host.clock)
  patience.shorten(recordMs)
  await Promise.race([end.ended, patience.reached])
  end.giveUp('the manager of systemd did not answer when it was stopped')
}

/** Somebody has started the unit anew by hand: that is no start of harness, and there would be two. */
async function stopAnother({manager, unit}: UnitProcessOptions): Promise<void> {
  try {
    if (isUp(await manager.showOne(unit))) await manager.stop(unit, {wait: true})
  } catch {
    return
  }
}

async function sendSignal(
  signal: NodeJS.Signals,
  {manager, unit, service}: UnitProcessOptions,
  end: UnitEnd,
): Promise<void> {
  const result = end.isOver() ? undefined : await manager.kill(unit, signal, 'main')
  if (result && isSuccess(result)) return
  if (!result || !isUp(await manager.showOne(unit))) {
    throw new HarnessError('SERVICE_NOT_RUNNING', {subject: service, reason: 'its program has just ended'})
  }
  const reason = `systemd did not send ${signal} to '${service}': ${wordsOf(result)}`
  throw new HarnessError('EXECUTOR_FAILED', {subject: systemdKind, reason})
}

function cannotEnd(service: string): HarnessError {
  return new HarnessError('SERVICE_STOP_FAILED', {
    subject: service,
    reason: `systemd did not end its unit within ${patienceMs / 1000} s after SIGKILL`,
    hint: 'Its program may hang in the kernel: see `systemctl status`, and `ps -o pid,stat,wchan,args`.',
  })
}

import type {Clock} from '../base/clock.js'
import type {CommandSpec, ExitStatus} from '../contract/command.js'
import type {Probe, ProbeCheck} from '../contract/probe.js'
import type {ServiceState} from '../contract/service-state.js'
import type {ProbeReport} from '../contract/status.js'
import type {EngineHealth, ExecResult, Observable, WorkloadHandle} from '../contract/workload.js'
import {monitorHealth, type HealthMonitor} from '../health/monitor.js'
import {describeCheck, runProbe, type Mask} from '../health/probe.js'
import type {ProbeResult} from '../health/probe-result.js'
import type {HealthChange} from '../health/thresholds.js'
import {logPatterns, watchLog} from './log-watch.js'

/** Runs a command beside the daemon, for checks that say `on: host` and for executors that cannot exec. */
export type HostExec = (command: CommandSpec, signal: AbortSignal) => Promise<ExecResult>

/** How a check was answered, for whoever counts. */
export interface AnsweredCheck {
  readonly kind: ProbeReport['kind']
  readonly ok: boolean
  readonly durationMs: number
}

/** Hears what a workload does, beside its watch. */
export interface EventRelay {
  /** Resolves once it needs the workload's events no more: of one that has ended it hears the last of them before. */
  finish(): Promise<void>
}

export interface AttemptWatchOptions {
  readonly handle: WorkloadHandle
  readonly clock: Clock
  readonly state: ServiceState
  /** References filled in. */
  readonly healthCheck: Probe | undefined
  /** References filled in. */
  readonly liveness: Probe | undefined
  readonly minUptimeMs: number
  readonly relay?: EventRelay | undefined
  readonly hostExec: HostExec
  /** Takes secrets out of what checks say. */
  readonly mask?: Mask | undefined
  readonly onProbe: (result: ProbeResult) => void
  /** Hears every answer of every check. */
  readonly onAnswered?: ((check: AnsweredCheck) => void) | undefined
  readonly onHealth: (change: HealthChange, result?: ProbeResult) => void
  /** The liveness check has failed too often. */
  readonly onDead: (result: ProbeResult) => void
  /** A log check has found its line. */
  readonly onOutputs: (outputs: Readonly<Record<string, string>>) => void
  readonly onExit: (status: ExitStatus) => void
}

export interface AttemptWatch extends Disposable {
  /** Asks all checks now; of one that the workload brings itself, the last answer. Those that do not answer before the workload ends or the signal aborts are left out; `[]` without a check. */
  check(signal: AbortSignal): Promise<readonly ProbeReport[]>
}

/**
 * Watches one running workload: its end and its health. Also for one that was found again: time already spent counts.
 * Disposing it ends all callbacks and lets the workload go on.
 */
export function watchAttempt(options: AttemptWatchOptions): AttemptWatch {
  const {handle, clock} = options
  const life = new AbortController()
  const disposables: Disposable[] = []
  const checks: RunningCheck[] = []
  const age = Math.max(0, clock.now() - handle.startedAt)
  handle.wait(life.signal).then(
    (status) => {
      if (!life.signal.aborted) options.onExit(status)
    },
    () => undefined,
  )
  const starting = options.state === 'Starting'
  const absences = watchAbsences(options)
  disposables.push(absences)
  const beside = {run: prober(options, life.signal), isExcused: absences.hadOneSince}
  if (options.healthCheck) {
    const {healthCheck: probe} = options
    checks.push({kind: 'health_check', probe, monitor: watchHealth(probe, options, beside)})
  }
  if (options.liveness) {
    const {liveness: probe} = options
    checks.push({kind: 'liveness', probe, monitor: watchLiveness(probe, options, beside)})
  }
  const own = options.healthCheck ? undefined : handle.health
  if (own) disposables.push(watchOwnHealth(own, options))
  else if (starting && !options.healthCheck)
    disposables.push(
      after(options.minUptimeMs - age, () => {
        options.onHealth('ready')
      }),
    )
  return {
    async check(signal) {
      const asked = await Promise.all(checks.map((check) => report(check, signal, options.mask)))
      return [...(own ? [ownReport(own.current)] : []), ...asked.flat()]
    },
    [Symbol.dispose]() {
      life.abort()
      for (const disposable of [...disposables, ...checks.map(({monitor}) => monitor)]) disposable[Symbol.dispose]()
      const release = (): void => {
        handle.release()
      }
      if (options.relay) options.relay.finish().then(release, release)
      else release()
    },
  }

  function after(ms: number, callback: () => void): Disposable {
    return clock.after(ms, () => {
      if (!life.signal.aborted) callback()
    })
  }
}

interface RunningCheck {
  readonly kind: ProbeReport['kind']
  readonly probe: Probe
  readonly monitor: HealthMonitor
}

async function report(
  {kind, probe, monitor}: RunningCheck,
  signal: AbortSignal,
  mask: Mask | undefined,
): Promise<readonly ProbeReport[]> {
  const result = await monitor.askNow(signal)
  return result ? [{kind, check: describeCheck(probe.check, mask), ...result}] : []
}

/** What the checks of one workload share. */
interface Beside {
  readonly run: Prober
  readonly isExcused: (since: number) => boolean
}

type Prober = (check: ProbeCheck, signal: AbortSignal) => Promise<ProbeResult>

/** Runs checks where the service runs, over what it prints. */
function prober({handle, healthCheck, hostExec, mask, onOutputs}: AttemptWatchOptions, life: AbortSignal): Prober {
  const patterns = healthCheck ? logPatterns(healthCheck.check) : []
  const log = watchLog({logs: handle.logs, patterns, onMatch: onOutputs, signal: life})
  const inService: HostExec = (command, signal) => handle.exec?.(command, signal) ?? hostExec(command, signal)
  const exec = (command: CommandSpec, signal: AbortSignal, on: 'host' | 'service'): Promise<ExecResult> =>
    (on === 'service' ? inService : hostExec)(command, signal)
  return (check, signal) =>
    runProbe(check, {exec, logMatch: (pattern) => log.match(pattern), signal, ...(mask && {mask})})
}

function watchHealth(probe: Probe, options: AttemptWatchOptions, {run, isExcused}: Beside): HealthMonitor {
  const {state} = options
  return monitorHealth(probe, {
    clock: options.clock,
    mask: options.mask,
    isExcused,
    run: (signal) => run(probe.check, signal),
    onResult: options.onProbe,
    onAsked: ({ok, durationMs}) => options.onAnswered?.({kind: 'health_check', ok, durationMs}),
    onChange: options.onHealth,
    phase: state === 'Starting' ? 'starting' : state === 'Unhealthy' ? 'unhealthy' : 'healthy',
  })
}

/** Liveness counts from the end of the start period on, ready or not; what counts it as dead says so once. */
function watchLiveness(probe: Probe, options: AttemptWatchOptions, {run, isExcused}: Beside): HealthMonitor {
  return monitorHealth(probe, {
    clock: options.clock,
    mask: options.mask,
    isExcused,
    run: (signal) => run(probe.check, signal),
    onResult: () => undefined,
    onAsked: ({ok, durationMs}) => options.onAnswered?.({kind: 'liveness', ok, durationMs}),
    onChange(change, result) {
      if (change === 'unhealthy') options.onDead(result)
    },
    purpose: 'liveness',
  })
}

/** When its engine was away: what was asked of it then, or before, may be answered late. */
function watchAbsences({handle: {reachability}, clock}: AttemptWatchOptions) {
  let lastAway = -Infinity
  const isAway = (): boolean => reachability?.current === 'unknown'
  let wasAway = isAway()
  const listening = reachability?.onChange(() => {
    if (wasAway || isAway()) lastAway = clock.monotonic()
    wasAway = isAway()
  })
  return {
    hadOneSince: (since: number): boolean => isAway() || lastAway >= since,
    [Symbol.dispose]: () => listening?.[Symbol.dispose](),
  }
}

/** It is not asked anew: its engine asks it in a rhythm of its own. */
function ownReport({state, message}: EngineHealth): ProbeReport {
  return {kind: 'health_check', check: 'its own check', ok: state === 'healthy', message, durationMs: 0}
}

/** The check that the workload brings itself. A change of it is a change of the service's health. */
function watchOwnHealth(
  health: Observable<EngineHealth>,
  {state, onHealth, onProbe}: Pick<AttemptWatchOptions, 'onHealth' | 'onProbe' | 'state'>,
): Disposable {
  let phase: EngineHealth['state'] = state === 'Starting' ? 'starting' : state === 'Unhealthy' ? 'unhealthy' : 'healthy'
  let over = false
  const look = (): void => {
    const {state: now, message} = health.current
    if (over || now === 'starting') return
    const result = {ok: now === 'healthy', message}
    onProbe(result)
    const change = changeOf(phase, now)
    if (!change) return
    phase = now
    onHealth(change, result)
  }
  // Whoever is told must know first that this is the workload that runs.
  setImmediate(look)
  const listening = health.onChange(look)
  return {
    [Symbol.dispose]() {
      over = true
      listening[Symbol.dispose]()
    },
  }
}

/** Failures before the first success mean "not yet", as for every check. */
function changeOf(phase: EngineHealth['state'], now: 'healthy' | 'unhealthy'): HealthChange | undefined {
  if (now === phase) return undefined
  if (now === 'unhealthy') return phase === 'healthy' ? 'unhealthy' : undefined
  return phase === 'starting' ? 'ready' : 'recovered'
}

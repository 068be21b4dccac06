import type {Clock} from '../base/clock.js'
import type {CommandSpec, ExitStatus} from '../contract/command.js'
import type {Probe} from '../contract/probe.js'
import type {ServiceState} from '../contract/service-state.js'
import type {ExecResult, WorkloadHandle} from '../contract/workload.js'
import {monitorHealth} from '../health/monitor.js'
import {runProbe} from '../health/probe.js'
import type {ProbeResult} from '../health/probe-result.js'
import type {HealthChange} from '../health/thresholds.js'

/** Runs a command beside the daemon, for checks that say `on: host` and for executors that cannot exec. */
export type HostExec = (command: CommandSpec, signal: AbortSignal) => Promise<ExecResult>

export interface AttemptWatchOptions {
  readonly handle: WorkloadHandle
  readonly clock: Clock
  readonly state: ServiceState
  /** References filled in. */
  readonly healthCheck: Probe | undefined
  readonly minUptimeMs: number
  readonly startupTimeoutMs: number
  readonly hostExec: HostExec
  readonly onProbe: (result: ProbeResult) => void
  readonly onHealth: (change: HealthChange, result?: ProbeResult) => void
  readonly onOverdue: () => void
  readonly onExit: (status: ExitStatus) => void
}

/**
 * Watches one running workload: its end, its health, its start timeout. Also for one that was found again: time already spent counts.
 * Disposing it ends all callbacks and lets the workload go on.
 */
export function watchAttempt(options: AttemptWatchOptions): Disposable {
  const {handle, clock} = options
  const life = new AbortController()
  const disposables: Disposable[] = []
  const age = Math.max(0, clock.now() - handle.startedAt)
  handle.wait(life.signal).then(
    (status) => {
      if (!life.signal.aborted) options.onExit(status)
    },
    () => undefined,
  )
  const starting = options.state === 'Starting'
  if (options.healthCheck) disposables.push(watchHealth(options.healthCheck, options))
  else if (starting)
    disposables.push(
      after(options.minUptimeMs - age, () => {
        options.onHealth('ready')
      }),
    )
  if (starting) disposables.push(after(options.startupTimeoutMs - age, options.onOverdue))
  return {
    [Symbol.dispose]() {
      life.abort()
      for (const disposable of disposables) disposable[Symbol.dispose]()
      handle.release()
    },
  }

  function after(ms: number, callback: () => void): Disposable {
    return clock.after(ms, () => {
      if (!life.signal.aborted) callback()
    })
  }
}

function watchHealth(probe: Probe, options: AttemptWatchOptions): Disposable {
  const {handle, state} = options
  const onService = probe.check.kind === 'command' && probe.check.on === 'service'
  const exec: HostExec = (command, signal) =>
    onService && handle.exec ? handle.exec(command, signal) : options.hostExec(command, signal)
  return monitorHealth(probe, {
    clock: options.clock,
    run: (signal) => runProbe(probe.check, {exec, signal}),
    onResult: options.onProbe,
    onChange: options.onHealth,
    phase: state === 'Running' ? 'healthy' : state === 'Unhealthy' ? 'unhealthy' : 'starting',
  })
}

import {formatDuration} from '../base/duration.js'
import {isHarnessError, messageOf} from '../base/errors.js'
import {failpoint} from '../base/failpoint.js'
import {steadyNow, type Clock} from '../base/clock.js'
import type {ExitStatus} from '../contract/command.js'
import type {ServiceState} from '../contract/service-state.js'
import type {ProbeResult} from '../health/probe-result.js'
import type {HealthChange} from '../health/thresholds.js'
import {afterExit, afterLivenessFailure, shownBackOff} from './after-exit.js'
import type {AttemptSetup} from './attempt-setup.js'
import {exitReport} from './exit-report.js'
import type {LifecycleEvent} from './lifecycle.js'
import {isLive, mayRemain, type ServiceRecord} from './record.js'
import type {RecordKeeper} from './record-keeper.js'
import type {SupervisedService} from './supervisor-host.js'
import type {WorkloadEnding} from './workload-ending.js'

/** What reactions see and can do. */
export interface Reacting {
  readonly keeper: RecordKeeper
  readonly clock: Clock
  readonly ending: WorkloadEnding
  readonly service: () => SupervisedService
  readonly setup: () => AttemptSetup | undefined
  /** The last words of the probe, of the executor or of the setup. */
  readonly lastWords: () => string | null
  readonly relaunchAt: (at: number) => void
  readonly letGo: () => void
}

/** States in which a start is still under way. */
export const beforeRunning: ReadonlySet<ServiceState> = new Set([
  'SettingUp',
  'SetupComplete',
  'SetupRequired',
  'Starting',
])

/** What follows when something happens to a running attempt by itself. Each is a job of the service's queue. */
export class Reactions {
  /** What its health check has said last, while that speaks against it. */
  private lastUnhealthy: {readonly reason: string | null} | undefined

  constructor(private readonly to: Reacting) {}

  /** A new attempt: nothing is known of its health. */
  begin(): void {
    this.lastUnhealthy = undefined
  }

  async onHealth(change: HealthChange, result: ProbeResult | undefined): Promise<void> {
    const {keeper, setup} = this.to
    const {state} = this.record
    // While it is being set up this is kept for later: the check says it once.
    this.lastUnhealthy = change === 'unhealthy' ? {reason: result?.message ?? null} : undefined
    if (change === 'ready' && state === 'Starting') await this.onReady()
    if (state === 'Running') await this.sayUnhealthy()
    if (change === 'recovered' && state === 'Unhealthy') {
      await keeper.move('recovered', {reason: null})
      setup()?.goOn('Running')
    }
  }

  /** It has become Running after a setup. */
  onReleased(): Promise<void> {
    return this.sayUnhealthy()
  }

  async onSetupFailed(reason: string): Promise<void> {
    const {state} = this.record
    if (!beforeRunning.has(state)) return
    const event = state === 'SettingUp' ? 'setupFailed' : 'exitedFinal'
    await this.endAs(event, {reason: `setup: ${reason}`, failure: {code: 'SERVICE_SETUP_FAILED', hint: null}})
  }

  async onOverdue(): Promise<void> {
    const {state} = this.record
    if (!beforeRunning.has(state)) return
    const {startupTimeoutMs, onStartTimeout} = this.to.service().definition
    const what = state === 'Starting' ? 'not ready' : 'not set up'
    const last = this.to.lastWords()
    const reason = `${what} after ${formatDuration(startupTimeoutMs)}` + (last ? `: ${last}` : '')
    const failure = {code: 'SERVICE_START_TIMEOUT', hint: null} as const
    if (onStartTimeout === 'keep') {
      await this.to.keeper.save({overdue: true, reason, failure})
      return
    }
    const hint = `It was stopped: see \`harness logs ${this.to.service().name}\`.`
    const event = state === 'Starting' ? 'timeout' : state === 'SettingUp' ? 'setupFailed' : 'exitedFinal'
    await this.endAs(event, {reason, failure: {...failure, hint}})
  }

  /** Its liveness check has given up on it. */
  async onDead(result: ProbeResult): Promise<void> {
    const {keeper, ending, clock} = this.to
    if (!isLive(this.record.state)) return
    const next = afterLivenessFailure(this.record, this.to.service().definition, result.message, steadyNow(clock))
    if (next.event !== 'restart') {
      await this.endAs(next.event, next.fields)
      return
    }
    await keeper.move(next.event, {...next.fields, ...shownBackOff(next, clock), exit: null})
    const ended = await ending.beforeRestart()
    if (!ended || next.relaunchAt === undefined) return
    // A daemon that comes in between sees that it has ended, and keeps to the back-off.
    await keeper.save({exit: ended.exit})
    this.to.relaunchAt(next.relaunchAt)
  }

  async onExit(status: ExitStatus): Promise<void> {
    const {keeper, clock, letGo} = this.to
    if (mayRemain(this.record)) {
      // What could not be stopped has ended by itself.
      await keeper.save({exit: exitReport(status, clock.now()), failure: null})
      letGo()
      return
    }
    failpoint('after-exit')
    const next = afterExit(this.record, this.to.service().definition, status, steadyNow(clock))
    const shown = {exit: exitReport(status, clock.now()), ...shownBackOff(next, clock)}
    await keeper.move(next.event, {...next.fields, ...shown}, {before: letGo})
    if (next.relaunchAt !== undefined) this.to.relaunchAt(next.relaunchAt)
  }

  /** Ends what runs and gives up. What cannot be ended is said, and tried again by the next stop. */
  private async endAs(event: LifecycleEvent, fields: Partial<ServiceRecord>): Promise<void> {
    const {keeper, ending} = this.to
    try {
      const exit = await ending.run()
      await keeper.move(event, {...fields, desired: 'down', exit})
    } catch (error) {
      if (isHarnessError(error) && error.code === 'STATE_WRITE_FAILED') throw error
      const failure = {code: 'SERVICE_STOP_FAILED', hint: null} as const
      await keeper.move(event, {...fields, desired: 'down', reason: messageOf(error), failure})
    }
  }

  private async sayUnhealthy(): Promise<void> {
    const {keeper} = this.to
    if (this.lastUnhealthy && this.record.state === 'Running') await keeper.move('unhealthy', this.lastUnhealthy)
  }

  private get record(): ServiceRecord {
    return this.to.keeper.record
  }

  private async onReady(): Promise<void> {
    const setup = this.to.setup()
    if (setup) setup.goOn('Starting')
    else {
      const readyAt = steadyNow(this.to.clock)
      await this.to.keeper.move('ready', {overdue: false, reason: null, failure: null, readyAt})
    }
  }
}

import {formatDuration} from '../base/duration.js'
import type {Clock} from '../base/clock.js'
import type {ExitStatus} from '../contract/command.js'
import type {ProbeResult} from '../health/probe-result.js'
import type {HealthChange} from '../health/thresholds.js'
import {afterExit, afterLivenessFailure} from './after-exit.js'
import type {AttemptSetup} from './attempt-setup.js'
import type {ServiceRecord} from './record.js'
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

/** What follows when something happens to a running attempt by itself. Each is a job of the service's queue. */
export class Reactions {
  constructor(private readonly to: Reacting) {}

  async onHealth(change: HealthChange, result: ProbeResult | undefined): Promise<void> {
    const {keeper, setup} = this.to
    const {state} = this.record
    if (change === 'ready' && state === 'Starting') await this.onReady()
    if (change === 'unhealthy' && state === 'Running') await keeper.move('unhealthy', {reason: result?.message ?? null})
    if (change === 'recovered' && state === 'Unhealthy') {
      await keeper.move('recovered', {reason: null})
      setup()?.goOn('Running')
    }
  }

  async onSetupFailed(reason: string): Promise<void> {
    const exit = await this.to.ending.run()
    const failure = {code: 'SERVICE_SETUP_FAILED', hint: null} as const
    const event = this.record.state === 'SettingUp' ? 'setupFailed' : 'exitedFinal'
    await this.to.keeper.move(event, {desired: 'down', reason: `setup: ${reason}`, failure, exit})
  }

  async onOverdue(): Promise<void> {
    const {state} = this.record
    if (state !== 'Starting' && state !== 'SetupRequired' && state !== 'SettingUp') return
    const {startupTimeoutMs, onStartTimeout} = this.to.service().definition
    const what = state === 'Starting' ? 'not ready' : 'not set up'
    const last = this.to.lastWords()
    const reason = `${what} after ${formatDuration(startupTimeoutMs)}` + (last ? `: ${last}` : '')
    const failure = {code: 'SERVICE_START_TIMEOUT', hint: null} as const
    if (onStartTimeout === 'keep') {
      await this.to.keeper.save({overdue: true, reason, failure})
      return
    }
    const exit = await this.to.ending.run()
    const hint = `It was stopped: see \`harness logs ${this.to.service().name}\`.`
    const event = state === 'Starting' ? 'timeout' : state === 'SettingUp' ? 'setupFailed' : 'exitedFinal'
    await this.to.keeper.move(event, {desired: 'down', reason, failure: {...failure, hint}, exit})
  }

  /** Its liveness check has given up on it. */
  async onDead(result: ProbeResult): Promise<void> {
    const {keeper, ending, clock} = this.to
    const next = afterLivenessFailure(this.record, this.to.service().definition, result.message, clock.now())
    if (next.event !== 'restart') {
      const exit = await ending.run()
      await keeper.move(next.event, {...next.fields, exit})
      return
    }
    await keeper.move(next.event, {...next.fields, exit: null})
    if ((await ending.beforeRestart()) && next.relaunchAt !== undefined) this.to.relaunchAt(next.relaunchAt)
  }

  async onExit(status: ExitStatus): Promise<void> {
    const {keeper, clock, letGo} = this.to
    const next = afterExit(this.record, this.to.service().definition, status, clock.now())
    await keeper.move(next.event, next.fields, letGo)
    if (next.relaunchAt !== undefined) this.to.relaunchAt(next.relaunchAt)
  }

  private get record(): ServiceRecord {
    return this.to.keeper.record
  }

  private async onReady(): Promise<void> {
    const setup = this.to.setup()
    if (setup) setup.goOn('Starting')
    else {
      const readyAt = this.to.clock.now()
      await this.to.keeper.move('ready', {overdue: false, reason: null, failure: null, readyAt})
    }
  }
}

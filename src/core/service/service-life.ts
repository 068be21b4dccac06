import {formatDuration} from '../base/duration.js'
import {HarnessError, messageOf} from '../base/errors.js'
import type {ExitStatus} from '../contract/command.js'
import type {Probe} from '../contract/probe.js'
import type {WorkloadHandle} from '../contract/workload.js'
import type {ProbeResult} from '../health/probe-result.js'
import type {HealthChange} from '../health/thresholds.js'
import {afterExit, startFailure} from './after-exit.js'
import {attemptOptions} from './attempt-options.js'
import type {BackgroundWork} from './background-work.js'
import {CurrentWorkload} from './current-workload.js'
import {exitReport} from './exit-report.js'
import {prepareAttempt, type PreparedAttempt} from './prepare.js'
import {mayRemain, splitAttempts, type AttemptRecord, type ServiceRecord} from './record.js'
import type {RecordKeeper} from './record-keeper.js'
import type {SupervisedService, SupervisorHost} from './supervisor-host.js'
import type {Wish} from './wish.js'
import {WorkloadFinder} from './workload-finder.js'

/** What a new attempt knows nothing of. */
const freshStart = {
  desired: 'up',
  readyAt: null,
  exit: null,
  failure: null,
  overdue: false,
  backoffUntil: null,
  blockedBy: null,
  reason: null,
} as const
/** What a stop clears. */
export const unwanted = {desired: 'down', backoffUntil: null, reason: null} as const

export interface ServiceLifeParts {
  readonly host: SupervisorHost
  readonly service: SupervisedService
  readonly keeper: RecordKeeper
  readonly background: BackgroundWork
  readonly wish: Wish
}

/**
 * What happens to one service: its attempts begin, are watched, end, and begin anew. Every method is a job of the service's queue, so that none
 * meets another half way; what comes by itself (an exit, a health change, a timer) puts its job there through the background.
 */
export class ServiceLife {
  /** Its present definition; what runs may have begun with another. */
  service: SupervisedService
  private readonly workload: CurrentWorkload
  private readonly finder: WorkloadFinder
  private timer: Disposable | undefined
  private lastNote: string | null = null

  constructor(private readonly parts: ServiceLifeParts) {
    const {host, service, keeper} = parts
    this.service = service
    this.finder = new WorkloadFinder(host, service.name)
    this.workload = new CurrentWorkload(host.clock, () => {
      keeper.notify()
    })
  }

  get handle(): WorkloadHandle | undefined {
    return this.workload.handle
  }

  get probe(): CurrentWorkload['probe'] {
    return this.workload.probe
  }

  /** What its executor says while it prepares a start. */
  get note(): string | null {
    return this.record.state === 'Starting' ? this.lastNote : null
  }

  /** Journal first, then start: a crash in between is found by `pickUp`. */
  async launch(event: 'relaunch' | 'start', fields: Partial<ServiceRecord> = {}): Promise<void> {
    const {host, keeper} = this.parts
    if (mayRemain(this.record) && !(await this.endRemains())) return
    const attempt = this.record.attempt + 1
    this.lastNote = null
    let prepared: PreparedAttempt
    let healthCheck: Probe | undefined
    try {
      prepared = await prepareAttempt(attemptOptions(host, this.service, this.record))
      healthCheck = this.healthCheck(prepared.record)
    } catch (error) {
      await keeper.move(event, {...freshStart, ...fields, attempt})
      await keeper.move('exitedFinal', startFailure(error))
      return
    }
    try {
      const {kept, surplus} = splitAttempts(this.record)
      await keeper.move(event, {
        ...freshStart,
        ...fields,
        attempt,
        current: prepared.record,
        earlier: kept,
        ports: {...this.record.ports, ...prepared.allocatedPorts},
      })
      this.finder.discard(surplus)
    } finally {
      await prepared[Symbol.asyncDispose]()
    }
    await this.begin(prepared, healthCheck)
  }

  /** Ends what runs, or is to run, and lets nothing of it be left. Throws SERVICE_STOP_FAILED. */
  async end(): Promise<void> {
    this.endTimer()
    const {keeper} = this.parts
    const {state} = this.record
    if (state === 'NotStarted' || state === 'Stopped' || (state === 'Failed' && !mayRemain(this.record))) return
    if (state !== 'Stopping') await keeper.move('stop', unwanted)
    await this.finishStop()
  }

  /** Ends what runs, and begins anew. */
  async renew(fields: Partial<ServiceRecord>): Promise<void> {
    this.endTimer()
    if (this.record.state !== 'Restarting') {
      await this.parts.keeper.move('restart', {reason: 'asked for', exit: null})
    }
    if (await this.endBefore()) await this.launch('relaunch', fields)
  }

  /** Goes on where an earlier daemon was. */
  async pickUp(): Promise<void> {
    const {keeper, host, background} = this.parts
    const {state, current, exit, backoffUntil} = this.record
    if (state === 'Restarting' && exit) {
      this.relaunchAt(backoffUntil ?? 0)
      return
    }
    const found = await this.finder.look(current)
    if ('againMs' in found) {
      // Until it can be told the service is unreachable, not stopped.
      this.endTimer()
      this.timer = host.clock.after(found.againMs, () => {
        background.run(() => this.pickUp())
      })
      return
    }
    const {handle} = found
    if (handle) this.attach(handle, this.healthCheck(current))
    if (state === 'Stopping') await this.finishStop()
    else if (state === 'Restarting') {
      if (await this.endBefore()) await this.launch('relaunch')
    } else if (!handle) {
      await keeper.move('exitedRetry', {reason: 'its start was interrupted'})
      await this.launch('relaunch')
    }
  }

  /** Touches nothing that runs. */
  letGo(): void {
    this.endTimer()
    this.workload.letGo()
  }

  private get record(): ServiceRecord {
    return this.parts.keeper.record
  }

  private async begin(prepared: PreparedAttempt, healthCheck: Probe | undefined): Promise<void> {
    const {host, keeper, wish} = this.parts
    const {signal} = wish
    const progress = (message: string): void => {
      this.lastNote = message
      keeper.notify()
    }
    try {
      const executor = host.executor(this.service.definition.target.type)
      this.attach(await executor.start(prepared.request, {signal, progress}), healthCheck)
    } catch (error) {
      if (!signal.aborted) {
        await keeper.move('exitedFinal', startFailure(error))
        return
      }
      // The start was taken back: nothing of it is left.
      await keeper.move('stop', unwanted)
      await keeper.move('stopped')
    }
  }

  /** References filled in. Throws where one has no value. */
  private healthCheck(attempt: AttemptRecord | null): Probe | undefined {
    const {healthCheck} = this.service.definition
    return healthCheck && this.parts.host.fillProbe(healthCheck, attempt?.endpoints ?? [])
  }

  private attach(handle: WorkloadHandle, healthCheck: Probe | undefined): void {
    const {minUptimeMs, startupTimeoutMs} = this.service.definition
    const {hostExec} = this.parts.host
    const {state} = this.record
    // In the queue another job may come before: what is reported counts only while the workload is still the one that runs.
    const inTurn = (job: () => Promise<void>): void => {
      this.parts.background.run(() => (this.handle === handle ? job() : Promise.resolve()))
    }
    this.workload.attach(
      {handle, state, healthCheck, minUptimeMs, startupTimeoutMs, hostExec},
      {
        onHealth: (change, result) => {
          inTurn(() => this.onHealth(change, result))
        },
        onOverdue: () => {
          inTurn(() => this.onOverdue())
        },
        onExit: (status) => {
          inTurn(() => this.onExit(status))
        },
      },
    )
  }

  private async onHealth(change: HealthChange, result: ProbeResult | undefined): Promise<void> {
    const {state} = this.record
    const {keeper, host} = this.parts
    if (change === 'ready' && state === 'Starting') {
      await keeper.move('ready', {overdue: false, reason: null, failure: null, readyAt: host.clock.now()})
    }
    if (change === 'unhealthy' && state === 'Running') await keeper.move('unhealthy', {reason: result?.message ?? null})
    if (change === 'recovered' && state === 'Unhealthy') await keeper.move('recovered', {reason: null})
  }

  private async onOverdue(): Promise<void> {
    if (this.record.state !== 'Starting') return
    const {keeper} = this.parts
    const {startupTimeoutMs, onStartTimeout} = this.service.definition
    const reason = `not ready after ${formatDuration(startupTimeoutMs)}` + (this.probe ? `: ${this.probe.message}` : '')
    const failure = {code: 'SERVICE_START_TIMEOUT', hint: null} as const
    if (onStartTimeout === 'keep') {
      await keeper.save({overdue: true, reason, failure})
      return
    }
    const exit = this.report(await this.endWorkload())
    const hint = `It was stopped: see \`harness logs ${this.service.name}\`.`
    await keeper.move('timeout', {desired: 'down', reason, failure: {...failure, hint}, exit})
  }

  private async onExit(status: ExitStatus): Promise<void> {
    const {host, keeper} = this.parts
    const next = afterExit(this.record, this.service.definition, status, host.clock.now())
    await keeper.move(next.event, next.fields, () => {
      this.workload.letGo()
    })
    if (next.relaunchAt !== undefined) this.relaunchAt(next.relaunchAt)
  }

  private relaunchAt(at: number): void {
    const {clock} = this.parts.host
    this.endTimer()
    this.timer = clock.after(Math.max(0, at - clock.now()), () => {
      this.parts.background.run(async () => {
        const {state, desired} = this.record
        if (state === 'Restarting' && desired === 'up') await this.launch('relaunch')
      })
    })
  }

  private endTimer(): void {
    this.timer?.[Symbol.dispose]()
    this.timer = undefined
  }

  /** Ends what runs before a new attempt. What cannot be ended is the end of the restart. */
  private async endBefore(): Promise<boolean> {
    try {
      await this.endWorkload()
      return true
    } catch (error) {
      const failure = {code: 'SERVICE_STOP_FAILED', hint: null} as const
      await this.parts.keeper.move('giveUp', {desired: 'down', reason: messageOf(error), failure})
      return false
    }
  }

  /** A stop failed before: a second workload must not begin beside what is left of the first. */
  private async endRemains(): Promise<boolean> {
    try {
      await this.endWorkload()
      return true
    } catch (error) {
      await this.parts.keeper.save({desired: 'down', reason: messageOf(error)})
      return false
    }
  }

  private async finishStop(): Promise<void> {
    const {keeper} = this.parts
    try {
      const exit = this.report(await this.endWorkload())
      await keeper.move('stopped', {exit, overdue: false, failure: null})
    } catch (error) {
      const reason = messageOf(error)
      await keeper.move('stopFailed', {reason, failure: {code: 'SERVICE_STOP_FAILED', hint: null}})
      throw new HarnessError('SERVICE_STOP_FAILED', {subject: this.service.name, reason, cause: error})
    }
  }

  /** A workload that could not be found when the daemon came back (its plugin was missing) must not be called stopped unseen. */
  private endWorkload(): Promise<ExitStatus | undefined> {
    const {graceMs, stopSignal} = this.service.definition
    const {current, exit} = this.record
    return this.workload.end({graceMs, signal: stopSignal}, async () =>
      current && !exit ? this.finder.find(current) : undefined,
    )
  }

  private report(status: ExitStatus | undefined): ServiceRecord['exit'] {
    return status ? exitReport(status, this.parts.host.clock.now()) : null
  }
}

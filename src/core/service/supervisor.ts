import {formatDuration} from '../base/duration.js'
import {HarnessError, isHarnessError, messageOf} from '../base/errors.js'
import {SerialQueue} from '../base/serial-queue.js'
import type {ExitStatus} from '../contract/command.js'
import type {Probe} from '../contract/probe.js'
import type {BlockedBy, ServiceStatus} from '../contract/status.js'
import type {WorkloadHandle} from '../contract/workload.js'
import type {ProbeResult} from '../health/probe-result.js'
import type {HealthChange} from '../health/thresholds.js'
import {afterExit, startFailure} from './after-exit.js'
import type {ServiceView} from './conditions.js'
import {attemptOptions} from './attempt-options.js'
import {CurrentWorkload} from './current-workload.js'
import {exitReport} from './exit-report.js'
import {findWorkload} from './find-workload.js'
import type {PlanAction} from './plan.js'
import {prepareAttempt, type PreparedAttempt} from './prepare.js'
import {isLive, splitAttempts, type AttemptRecord, type ServiceRecord} from './record.js'
import {RecordKeeper} from './record-keeper.js'
import type {PlanNode} from './run-plan.js'
import {serviceStatus} from './service-status.js'
import type {SupervisedService, SupervisorHost} from './supervisor-host.js'

/** What a new attempt knows nothing of. */
const freshStart = {
  desired: 'up',
  exit: null,
  failure: null,
  overdue: false,
  backoffUntil: null,
  blockedBy: null,
  reason: null,
} as const
const unwanted = {desired: 'down', backoffUntil: null, reason: null} as const

const firstLookAgainMs = 1000
const slowestLookAgainMs = 30_000

/** How soon what the disk refused is written again. */
const retryMs = 1000

/** Keeps one service up or down: the only writer of its record. Everything that changes it goes through one queue. */
export class ServiceSupervisor implements PlanNode {
  private readonly queue = new SerialQueue()
  private readonly keeper: RecordKeeper
  private controller = new AbortController()
  private readonly workload: CurrentWorkload
  private backOff: Disposable | undefined
  private waits: readonly string[] = []
  private queuedRestart: Promise<void> | undefined
  private readonly retries = new Set<Disposable>()
  private closed = false
  private lookAgainMs = firstLookAgainMs
  /** What an executor says while it prepares a start. */
  private note: string | null = null

  constructor(
    private readonly host: SupervisorHost,
    private service: SupervisedService,
    record: ServiceRecord,
  ) {
    const {stack, store, clock, onMove} = host
    const keeper = new RecordKeeper({stack: stack.id, service: service.name, record, store, clock, onMove})
    this.keeper = keeper
    this.workload = new CurrentWorkload(clock, () => {
      keeper.notify()
    })
  }

  get record(): ServiceRecord {
    return this.keeper.record
  }

  /** What runs now, while something does. */
  get handle(): WorkloadHandle | undefined {
    return this.workload.handle
  }

  /** Runs with another definition than the present one. */
  get changed(): boolean {
    return this.record.current !== null && this.record.current.hash !== this.service.hash
  }

  /** Takes a new definition; what runs goes on with the old one until it is restarted. */
  redefine(service: SupervisedService): void {
    this.service = service
  }

  view(): ServiceView {
    const {state, exit, overdue, reason, blockedBy, desired, failure} = this.record
    const gaveUp = failure?.code === 'SERVICE_START_TIMEOUT'
    const ended = exit !== null && ((state === 'Failed' && !gaveUp) || (state === 'Stopped' && reason !== null))
    const endedWell = ended && state === 'Stopped'
    const launched = isLive(state) && this.handle !== undefined
    return {
      kind: 'service',
      state,
      ended,
      endedWell,
      launched,
      overdue,
      reason,
      blockedBy: desired === 'up' ? null : blockedBy,
    }
  }

  status(): ServiceStatus {
    return serviceStatus({
      name: this.service.name,
      record: this.record,
      handle: this.handle,
      health: this.workload.probe,
      waitsFor: this.waits,
      note: this.record.state === 'Starting' ? this.note : null,
      now: this.host.clock.now(),
    })
  }

  onChange(listener: () => void): Disposable {
    return this.keeper.onChange(listener)
  }

  /** Aborted by a stop. A plan that waits for this service gives up then. */
  wanted(): AbortSignal {
    return this.controller.signal
  }

  /** Journals that the service is to be up, before anything is done for it. */
  want(env: string | null): Promise<void> {
    if (this.controller.signal.aborted) this.controller = new AbortController()
    return this.queue.run(() => this.keeper.save({...this.unblocked(), desired: 'up', env}))
  }

  /** Journals that the service is to be down, before anything is done for it. A start that waits or is under way gives up. */
  unwant(): Promise<void> {
    this.controller.abort(new HarnessError('CANCELLED', {subject: `start of ${this.service.name}`}))
    this.queuedRestart = undefined
    return this.queue.run(async () => {
      const {desired, blockedBy} = this.record
      if (desired === 'up' || blockedBy) await this.keeper.save({...this.unblocked(), desired: 'down'})
    })
  }

  waitFor(names: readonly string[]): void {
    this.waits = names
    this.keeper.notify()
  }

  act(action: PlanAction): Promise<void> {
    switch (action) {
      case 'start':
        return this.start()
      case 'restart':
        return this.restart()
      case 'stop':
        return this.stop()
      case 'keep':
      case 'run':
        return Promise.resolve()
    }
  }

  /** Notes why it cannot start. Changes nothing once it runs. */
  block(by: BlockedBy): Promise<void> {
    return this.queue.run(async () => {
      if (this.closed || this.isUp()) return
      await this.keeper.save({desired: 'down', blockedBy: by, reason: by.reason})
    })
  }

  /** Resolves when the workload is launched, or has failed to (see `view`). */
  start(): Promise<void> {
    const signal = this.controller.signal
    return this.queue.run(async () => {
      if (signal.aborted || this.closed || this.isUp()) return
      await this.launch('start', {restarts: [], restartCount: 0})
    })
  }

  /** Stops and starts anew. Restarts that still wait for their turn are one. */
  restart(): Promise<void> {
    const signal = this.controller.signal
    this.queuedRestart ??= this.queue.run(async () => {
      if (signal.aborted || this.closed) return
      this.queuedRestart = undefined
      const fresh = {restarts: [], restartCount: 0}
      if (!this.isUp()) {
        await this.launch('start', fresh)
        return
      }
      this.endBackOff()
      if (this.record.state !== 'Restarting') await this.keeper.move('restart', {reason: 'asked for', exit: null})
      if (await this.endBefore()) await this.launch('relaunch', fresh)
    })
    return this.queuedRestart
  }

  /** Wins over everything else. Resolves when nothing of the service is left, else throws SERVICE_STOP_FAILED. */
  async stop(): Promise<void> {
    await this.unwant()
    await this.queue.run(async () => {
      this.endBackOff()
      if (this.isUp()) await this.keeper.move('stop', unwanted)
      if (this.record.state === 'Stopping') await this.finishStop()
    })
  }

  /** Finds the workload of an earlier daemon again and goes on where that one was. */
  recover(): Promise<void> {
    return this.queue.run(async () => {
      if (this.isUp() && this.record.desired === 'down') await this.keeper.move('stop', unwanted)
      if (this.isUp() || this.record.state === 'Stopping') await this.pickUp()
    })
  }

  /** Lets go of the workload without touching it: the daemon ends. */
  async close(): Promise<void> {
    this.closed = true
    await this.queue.run(() => {
      this.endBackOff()
      for (const retry of this.retries) retry[Symbol.dispose]()
      this.workload.letGo()
    })
  }

  private async pickUp(): Promise<void> {
    const {state, current, exit, backoffUntil} = this.record
    if (state === 'Restarting' && exit) {
      this.scheduleRelaunch(backoffUntil ?? 0)
      return
    }
    const found = await this.lookFor(current)
    if (found === 'unreachable') return
    const {handle} = found
    if (handle) this.attach(handle, this.healthCheck(current))
    if (state === 'Stopping') await this.finishStop()
    else if (state === 'Restarting') {
      if (await this.endBefore()) await this.launch('relaunch')
    } else if (!handle) {
      await this.keeper.move('exitedRetry', {reason: 'its start was interrupted'})
      await this.launch('relaunch')
    }
  }

  /** Asks again, less and less often, while the executor cannot tell. Until then the service is unreachable, not stopped. */
  private async lookFor(
    attempt: AttemptRecord | null,
  ): Promise<'unreachable' | {readonly handle: WorkloadHandle | undefined}> {
    try {
      const handle = attempt ? await this.findAgain(attempt) : undefined
      this.lookAgainMs = firstLookAgainMs
      return {handle}
    } catch (error) {
      const {name} = this.service
      this.host.log.warn('a service cannot be reached', {
        service: name,
        error: messageOf(error),
        againMs: this.lookAgainMs,
      })
      this.endBackOff()
      this.backOff = this.host.clock.after(this.lookAgainMs, () => {
        this.background(() => this.pickUp())
      })
      this.lookAgainMs = Math.min(this.lookAgainMs * 2, slowestLookAgainMs)
      return 'unreachable'
    }
  }

  /** Journal first, then start: a crash in between is found by `recover`. */
  private async launch(event: 'relaunch' | 'start', fields: Partial<ServiceRecord> = {}): Promise<void> {
    const {signal} = this.controller
    const attempt = this.record.attempt + 1
    this.note = null
    let prepared: PreparedAttempt
    let healthCheck: Probe | undefined
    try {
      prepared = await prepareAttempt(attemptOptions(this.host, this.service, this.record))
      healthCheck = this.healthCheck(prepared.record)
    } catch (error) {
      await this.keeper.move(event, {...freshStart, ...fields, attempt})
      await this.keeper.move('exitedFinal', startFailure(error))
      return
    }
    try {
      await this.keeper.move(event, {
        ...freshStart,
        ...fields,
        attempt,
        current: prepared.record,
        earlier: this.keepEarlier(),
        ports: {...this.record.ports, ...prepared.allocatedPorts},
      })
    } finally {
      await prepared[Symbol.asyncDispose]()
    }
    try {
      const executor = this.host.executor(this.service.definition.target.type)
      const progress = (message: string): void => {
        this.note = message
        this.keeper.notify()
      }
      this.attach(await executor.start(prepared.request, {signal, progress}), healthCheck)
    } catch (error) {
      if (signal.aborted) await this.withdraw()
      else await this.keeper.move('exitedFinal', startFailure(error))
    }
  }

  /** A start that was taken back: nothing of it is left. */
  private async withdraw(): Promise<void> {
    await this.keeper.move('stop', unwanted)
    await this.keeper.move('stopped')
  }

  /** References filled in. Throws where one has no value. */
  private healthCheck(attempt: AttemptRecord | null): Probe | undefined {
    const {healthCheck} = this.service.definition
    return healthCheck && this.host.fillProbe(healthCheck, attempt?.endpoints ?? [])
  }

  private attach(handle: WorkloadHandle, healthCheck: Probe | undefined): void {
    const {minUptimeMs, startupTimeoutMs} = this.service.definition
    const {hostExec} = this.host
    const {state} = this.record
    // In the queue another job may come before: what is reported counts only while the workload is still the one that runs.
    const inTurn = (job: () => Promise<void>): void => {
      this.background(() => (this.handle === handle ? job() : Promise.resolve()))
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
    const {keeper} = this
    if (change === 'ready' && state === 'Starting') {
      await keeper.move('ready', {overdue: false, reason: null, failure: null})
    }
    if (change === 'unhealthy' && state === 'Running') await keeper.move('unhealthy', {reason: result?.message ?? null})
    if (change === 'recovered' && state === 'Unhealthy') await keeper.move('recovered', {reason: null})
  }

  private async onOverdue(): Promise<void> {
    if (this.record.state !== 'Starting') return
    const {startupTimeoutMs, onStartTimeout} = this.service.definition
    const {probe} = this.workload
    const reason = `not ready after ${formatDuration(startupTimeoutMs)}` + (probe ? `: ${probe.message}` : '')
    const failure = {code: 'SERVICE_START_TIMEOUT', hint: null} as const
    if (onStartTimeout === 'keep') await this.keeper.save({overdue: true, reason, failure})
    else {
      const exit = this.report(await this.endWorkload())
      const hint = `It was stopped: see \`harness logs ${this.service.name}\`.`
      await this.keeper.move('timeout', {desired: 'down', reason, failure: {...failure, hint}, exit})
    }
  }

  private async onExit(status: ExitStatus): Promise<void> {
    const {event, fields, relaunchAt} = afterExit(this.record, this.service.definition, status, this.host.clock.now())
    await this.keeper.move(event, fields, () => {
      this.workload.letGo()
    })
    if (relaunchAt !== undefined) this.scheduleRelaunch(relaunchAt)
  }

  private scheduleRelaunch(at: number): void {
    this.endBackOff()
    this.backOff = this.host.clock.after(Math.max(0, at - this.host.clock.now()), () => {
      this.background(async () => {
        const {state, desired} = this.record
        if (state === 'Restarting' && desired === 'up') await this.launch('relaunch')
      })
    })
  }

  private endBackOff(): void {
    this.backOff?.[Symbol.dispose]()
    this.backOff = undefined
  }

  /** Ends what runs before a new attempt. What cannot be ended is the end of the restart. */
  private async endBefore(): Promise<boolean> {
    try {
      await this.endWorkload()
      return true
    } catch (error) {
      const failure = {code: 'SERVICE_STOP_FAILED', hint: null} as const
      await this.keeper.move('giveUp', {desired: 'down', reason: messageOf(error), failure})
      return false
    }
  }

  private async finishStop(): Promise<void> {
    try {
      const exit = this.report(await this.endWorkload())
      await this.keeper.move('stopped', {exit, overdue: false, failure: null})
    } catch (error) {
      const reason = messageOf(error)
      await this.keeper.move('stopFailed', {reason, failure: {code: 'SERVICE_STOP_FAILED', hint: null}})
      throw new HarnessError('SERVICE_STOP_FAILED', {subject: this.service.name, reason, cause: error})
    }
  }

  /** A workload that could not be found when the daemon came back (its plugin was missing) must not be called stopped unseen. */
  private endWorkload(): Promise<ExitStatus | undefined> {
    const {graceMs, stopSignal} = this.service.definition
    const {current, exit} = this.record
    return this.workload.end({graceMs, signal: stopSignal}, async () =>
      current && !exit ? this.findAgain(current) : undefined,
    )
  }

  /** A new wish, or its end, is the end of a block. */
  private unblocked(): Partial<ServiceRecord> {
    return this.record.blockedBy ? {blockedBy: null, reason: null} : {}
  }

  private isUp(): boolean {
    return isLive(this.record.state) || this.record.state === 'Restarting'
  }

  private report(status: ExitStatus | undefined): ServiceRecord['exit'] {
    return status ? exitReport(status, this.host.clock.now()) : null
  }

  private async findAgain(attempt: AttemptRecord): Promise<WorkloadHandle | undefined> {
    return findWorkload(this.host.executor(attempt.saved.executor), attempt.saved, this.host.clock)
  }

  /** The earlier attempts whose logs stay; what is older is removed from disk. */
  private keepEarlier(): readonly AttemptRecord[] {
    const {kept, surplus} = splitAttempts(this.record)
    for (const old of surplus) {
      this.findAgain(old)
        .then((handle) => handle?.destroy())
        .catch((error: unknown) => {
          this.host.log.warn('an old attempt could not be removed', {id: old.saved.id, error: messageOf(error)})
        })
    }
    return kept
  }

  /** For work that nobody waits for: a failure here is a bug, or a full disk on which it is tried again, and is said loudly. */
  private background(job: () => Promise<void>): void {
    const {log, clock} = this.host
    this.queue
      .run(() => (this.closed ? Promise.resolve() : job()))
      .catch((error: unknown) => {
        log.error('a service could not be moved', {service: this.service.name, error: messageOf(error)})
        if (this.closed || !isHarnessError(error) || error.code !== 'STATE_WRITE_FAILED') return
        const retry = clock.after(retryMs, () => {
          this.retries.delete(retry)
          this.background(job)
        })
        this.retries.add(retry)
      })
  }
}

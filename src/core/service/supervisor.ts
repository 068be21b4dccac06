import {isHarnessError} from '../base/errors.js'
import {SerialQueue} from '../base/serial-queue.js'
import type {ServiceContext} from '../contract/service-type.js'
import type {BlockedBy, HistoryEntry, ServiceHealth, ServiceStatus} from '../contract/status.js'
import type {WorkloadHandle} from '../contract/workload.js'
import {BackgroundWork} from './background-work.js'
import type {ServiceView} from './conditions.js'
import type {CompleteService} from './defaults.js'
import {environmentOf} from './environment-of.js'
import {readHistory} from './history.js'
import {serviceHealth} from './service-health.js'
import type {PlanAction, StepResult} from './plan.js'
import {isUp, type ServiceRecord} from './record.js'
import {RecordKeeper} from './record-keeper.js'
import type {PlanNode} from './run-plan.js'
import {serviceContext, type ServiceContextOptions} from './service-context.js'
import {ServiceLife, unwanted} from './service-life.js'
import {serviceStatus} from './service-status.js'
import {serviceView} from './service-view.js'
import type {SupervisedService, SupervisorHost} from './supervisor-host.js'
import {Wish} from './wish.js'
import {workloadCheck, type WorkloadCheck} from './workload-check.js'

/** A start by hand begins with a full restart budget. */
const fullBudget = {restarts: [], restartCount: 0} as const

/** What differs from call to call. */
type OfCall = Pick<ServiceContextOptions, 'failed' | 'progress' | 'signal'>

/** Keeps one service up or down: the only writer of its record. Everything that changes it goes through one queue; the last word counts. */
export class ServiceSupervisor implements PlanNode {
  private readonly queue = new SerialQueue()
  private readonly keeper: RecordKeeper
  private readonly background: BackgroundWork
  private readonly life: ServiceLife
  private readonly wish: Wish
  /** It is in the stack file no more. */
  orphan = false
  private waits: readonly string[] = []
  private queuedRestart: Promise<StepResult> | undefined
  private closed = false
  private soughtLost = false

  constructor(
    private readonly host: SupervisorHost,
    service: SupervisedService,
    record: ServiceRecord,
  ) {
    const {stack, store, clock, log, onMove} = host
    const {name} = service
    const {queue} = this
    const keeper = new RecordKeeper({stack: stack.id, service: name, record, store, clock, onMove})
    this.keeper = keeper
    this.wish = new Wish(name)
    this.background = new BackgroundWork({service: name, queue, clock, log})
    this.life = new ServiceLife({host, service, keeper, queue, background: this.background, wish: this.wish})
  }

  get name(): string {
    return this.life.service.name
  }

  get record(): ServiceRecord {
    return this.keeper.record
  }

  /** What runs now, while something does. */
  get handle(): WorkloadHandle | undefined {
    return this.life.handle
  }

  get definition(): CompleteService {
    return this.life.service.definition
  }

  /** Runs with another definition than the present one. */
  get changed(): boolean {
    return this.record.current !== null && this.record.current.hash !== this.life.service.hash
  }

  /** Takes a new definition; what runs goes on with the old one until it is restarted. */
  redefine(service: SupervisedService): void {
    this.life.service = service
  }

  /** The last moves, oldest first. */
  history(): readonly HistoryEntry[] {
    return readHistory(this.host.store, this.host.stack.id, this.name)
  }

  view(): ServiceView {
    const {record, definition, life} = this
    return serviceView(record, {sight: life.sight, isChecked: definition.healthCheck !== undefined})
  }

  status(): ServiceStatus {
    return serviceStatus({
      name: this.name,
      record: this.record,
      handle: this.handle,
      health: this.life.probe,
      waitsFor: this.waits,
      note: this.life.note,
      orphan: this.orphan,
      uptimeMs: this.life.uptimeMs,
    })
  }

  /** Asks its checks now. Changes nothing, and a failure counts towards nothing. */
  async checkHealth(signal: AbortSignal): Promise<ServiceHealth> {
    const probes = await this.life.check(signal)
    return serviceHealth(this.status(), probes)
  }

  /** Whether its workload is there, and how that is known. */
  check(): WorkloadCheck {
    return workloadCheck(this.record, this.life.sight, this.host.clock.now())
  }

  /** The service of the file, and which of its replicas this is. */
  get place(): Pick<SupervisedService, 'group' | 'replica'> {
    return this.life.service
  }

  /** What the actions of its type see of what runs. */
  context(handle: WorkloadHandle, options: OfCall): ServiceContext<unknown> {
    const {host, record, life} = this
    return serviceContext({...options, host, service: life.service, handle, endpoints: record.current?.endpoints ?? []})
  }

  /** Aborts once what runs now has ended, or is let go of. */
  get gone(): AbortSignal {
    return this.life.gone
  }

  environment(): ReturnType<typeof environmentOf> {
    return environmentOf(this.host, this.life.service, this.record)
  }

  onChange(listener: () => void): Disposable {
    return this.keeper.onChange(listener)
  }

  /** How often it was asked to be up. */
  get wishes(): number {
    return this.wish.count
  }

  /** Aborted by a stop. A plan that waits for this service gives up then. */
  wanted(): AbortSignal {
    return this.wish.signal
  }

  /** From now on it is to be up, unless the signal aborts; `want` journals it. */
  wanting(): AbortSignal {
    this.wish.renew()
    return this.wish.signal
  }

  /** Journals that the service is to be up, before anything is done for it. */
  want(env: string | null): Promise<void> {
    this.wanting()
    return this.queue.run(() => this.keeper.save({...this.unblocked(), desired: 'up', env}))
  }

  /** Journals that the service is to be down, before anything is done for it. A start that waits or is under way gives up. */
  unwant(): Promise<void> {
    this.wish.withdraw()
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

  act(action: PlanAction, cause: string): Promise<StepResult> {
    switch (action) {
      case 'start':
        return this.start(cause)
      case 'restart':
        return this.restart(cause)
      case 'stop':
        return this.endAndTell(cause)
      case 'keep':
      case 'run':
        return Promise.resolve('acted')
    }
  }

  /** Notes why it cannot start. Changes nothing once it runs. */
  block(by: BlockedBy): Promise<void> {
    return this.queue.run(async () => {
      if (this.closed || isUp(this.record)) return
      await this.keeper.save({desired: 'down', blockedBy: by, reason: by.reason})
    })
  }

  /** Resolves when the workload is launched, or has failed to (see `view`). */
  start(cause?: string): Promise<StepResult> {
    const {signal} = this.wish
    return this.queue.run(async () => {
      if (signal.aborted || this.closed) return 'cancelled'
      await this.seekLost()
      if (!isUp(this.record)) await this.life.launch('start', fullBudget, cause)
      return 'acted'
    })
  }

  /** Stops and starts anew. Restarts that still wait for their turn are one. */
  restart(reason = 'asked for'): Promise<StepResult> {
    const {signal} = this.wish
    this.queuedRestart ??= this.queue.run(async () => {
      if (signal.aborted || this.closed) return 'cancelled'
      this.queuedRestart = undefined
      await this.seekLost()
      await (isUp(this.record) ? this.life.renew(fullBudget, reason) : this.life.launch('start', fullBudget, reason))
      return 'acted'
    })
    return this.queuedRestart
  }

  /** Says something about a service that runs; gone with its next move. */
  remark(reason: string): Promise<void> {
    return this.queue.run(() => (isUp(this.record) ? this.keeper.save({reason}) : Promise.resolve()))
  }

  /** Wins over everything before it. Resolves when nothing of the service is left, else throws SERVICE_STOP_FAILED. */
  async stop(): Promise<void> {
    await this.unwant()
    await this.endUnlessWanted()
  }

  /** A stop that is under way, or that comes before the next start, forces at once. */
  hurry(): void {
    this.life.hurry()
  }

  /** Takes over what runs of it though its record was lost. For one that is not recovered. */
  adopt(): Promise<void> {
    return this.queue.run(() => this.seekLost())
  }

  /** Finds the workload of an earlier daemon again and goes on where that one was. */
  recover(): Promise<void> {
    return this.queue.run(async () => {
      await this.adoptLost()
      if (isUp(this.record) && this.record.desired === 'down') await this.keeper.move('stop', unwanted)
      if (isUp(this.record) || this.record.state === 'Stopping') await this.life.pickUp()
    })
  }

  /** Lets go of the workload without touching it: the daemon ends. */
  async close(): Promise<void> {
    this.closed = true
    this.background[Symbol.dispose]()
    await this.queue.run(() => {
      this.life.letGo()
    })
  }

  /** Until it was told once, and before anything is started: nothing of before may run beside that. */
  private async seekLost(): Promise<void> {
    if (this.soughtLost) return
    if (await this.adoptLost()) await this.life.pickUp()
  }

  /** What could not be told now is sought again before the next start. */
  private async adoptLost(): Promise<boolean> {
    const found = await this.life.adopt()
    this.soughtLost = found !== 'untold'
    return found === 'adopted'
  }

  /** What cannot be ended is Failed, and says why: the rest of the plan goes on. */
  private async endAndTell(cause: string): Promise<StepResult> {
    try {
      return await this.endUnlessWanted(cause)
    } catch (error) {
      if (isHarnessError(error) && error.code === 'SERVICE_STOP_FAILED') return 'acted'
      throw error
    }
  }

  /** A start that was asked for after the stop takes it back. */
  private endUnlessWanted(cause?: string): Promise<StepResult> {
    return this.queue.run(async () => {
      if (this.record.desired === 'up') return 'cancelled'
      await this.life.end(cause)
      return 'acted'
    })
  }

  /** A new wish, or its end, is the end of a block. */
  private unblocked(): Partial<ServiceRecord> {
    return this.record.blockedBy ? {blockedBy: null, reason: null} : {}
  }
}

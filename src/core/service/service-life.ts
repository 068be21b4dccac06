import type {SerialQueue} from '../base/serial-queue.js'
import type {Probe} from '../contract/probe.js'
import type {WorkloadHandle} from '../contract/workload.js'
import {startFailure} from './after-exit.js'
import {attemptOptions} from './attempt-options.js'
import {AttemptSetup} from './attempt-setup.js'
import type {BackgroundWork} from './background-work.js'
import {CurrentWorkload} from './current-workload.js'
import {prepareAttempt, type PreparedAttempt} from './prepare.js'
import {mayRemain, splitAttempts, type AttemptRecord, type ServiceRecord} from './record.js'
import type {RecordKeeper} from './record-keeper.js'
import {Reactions} from './reactions.js'
import {setupContext} from './setup-run.js'
import type {SupervisedService, SupervisorHost} from './supervisor-host.js'
import type {Wish} from './wish.js'
import {WorkloadEnding} from './workload-ending.js'
import {WorkloadFinder} from './workload-finder.js'

/** What a new attempt knows nothing of. */
const freshStart = {
  desired: 'up',
  readyAt: null,
  outputs: {},
  exit: null,
  failure: null,
  overdue: false,
  backoffUntil: null,
  blockedBy: null,
  reason: null,
} as const
/** What a stop clears. */
export const unwanted = {desired: 'down', backoffUntil: null, reason: null} as const

/** References filled in. */
interface Probes {
  readonly healthCheck: Probe | undefined
  readonly liveness: Probe | undefined
}

export interface ServiceLifeParts {
  readonly host: SupervisorHost
  readonly service: SupervisedService
  readonly keeper: RecordKeeper
  readonly queue: SerialQueue
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
  private setup: AttemptSetup | undefined
  private timer: Disposable | undefined
  private lastNote: string | null = null
  private readonly ending: WorkloadEnding
  private readonly reactions: Reactions

  constructor(private readonly parts: ServiceLifeParts) {
    const {host, service, keeper} = parts
    this.service = service
    this.finder = new WorkloadFinder(host, service.name)
    this.workload = new CurrentWorkload(host.clock, () => {
      keeper.notify()
    })
    const {workload, finder} = this
    const current = (): SupervisedService => this.service
    this.ending = new WorkloadEnding({host, keeper, workload, finder, service: current})
    this.reactions = new Reactions({
      keeper,
      clock: host.clock,
      ending: this.ending,
      service: current,
      setup: () => this.setup,
      lastWords: () => (this.record.state === 'Starting' ? (this.probe?.message ?? null) : this.lastNote),
      relaunchAt: (at) => {
        this.relaunchAt(at)
      },
      letGo: () => {
        workload.letGo()
      },
    })
  }

  get handle(): WorkloadHandle | undefined {
    return this.workload.handle
  }

  get probe(): CurrentWorkload['probe'] {
    return this.workload.probe
  }

  /** What its executor says while it prepares a start, and its type while it sets up. */
  get note(): string | null {
    const {state} = this.record
    return state === 'Starting' || state === 'SettingUp' ? this.lastNote : null
  }

  /** From now on, and until the next attempt, a stop forces at once; also one that is under way. Not a job of the queue. */
  hurry(): void {
    this.ending.hurry()
  }

  /** Journal first, then start: a crash in between is found by `pickUp`. */
  async launch(event: 'relaunch' | 'start', fields: Partial<ServiceRecord> = {}): Promise<void> {
    const {host, keeper} = this.parts
    if (mayRemain(this.record) && !(await this.ending.beforeStart())) return
    const attempt = this.record.attempt + 1
    this.lastNote = null
    this.ending.renewGrace()
    let prepared: PreparedAttempt
    let probes: Probes
    try {
      prepared = await prepareAttempt(attemptOptions(host, this.service, this.record))
      probes = this.probes(prepared.record)
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
    await this.begin(prepared, probes)
  }

  /** Ends what runs, or is to run, and lets nothing of it be left. Throws SERVICE_STOP_FAILED. */
  async end(): Promise<void> {
    this.endTimer()
    const {keeper} = this.parts
    const {state} = this.record
    if (state === 'NotStarted' || state === 'Stopped' || (state === 'Failed' && !mayRemain(this.record))) return
    if (state !== 'Stopping') await keeper.move('stop', unwanted)
    await this.ending.finishStop()
  }

  /** Ends what runs, and begins anew. */
  async renew(fields: Partial<ServiceRecord>, reason: string): Promise<void> {
    this.endTimer()
    if (this.record.state !== 'Restarting') {
      await this.parts.keeper.move('restart', {reason, exit: null})
    }
    if (await this.ending.beforeRestart()) await this.launch('relaunch', fields)
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
    if (handle) this.attach(handle, this.probes(current))
    if (state === 'Stopping') await this.ending.finishStop()
    else if (state === 'Restarting') {
      if (await this.ending.beforeRestart()) await this.launch('relaunch')
    } else if (!handle) {
      await keeper.move('exitedRetry', {reason: 'its start was interrupted'})
      await this.launch('relaunch')
    } else if (state !== 'Starting') this.setup?.goOn(state)
  }

  /** Touches nothing that runs. */
  letGo(): void {
    this.endTimer()
    this.workload.letGo()
  }

  private get record(): ServiceRecord {
    return this.parts.keeper.record
  }

  private async begin(prepared: PreparedAttempt, probes: Probes): Promise<void> {
    const {host, keeper, wish} = this.parts
    const {signal} = wish
    const progress = (message: string): void => {
      this.say(message)
    }
    try {
      const executor = host.executor(this.service.definition.target.type)
      this.attach(await executor.start(prepared.request, {signal, progress}), probes)
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

  private say(message: string): void {
    this.lastNote = message
    this.parts.keeper.notify()
  }

  /** References filled in. Throws where one has no value. */
  private probes(attempt: AttemptRecord | null): Probes {
    const fill = (probe: Probe | undefined): Probe | undefined =>
      probe && this.parts.host.fillProbe(probe, attempt?.endpoints ?? [])
    const {healthCheck, liveness} = this.service.definition
    return {healthCheck: fill(healthCheck), liveness: fill(liveness)}
  }

  private attach(handle: WorkloadHandle, probes: Probes): void {
    const {minUptimeMs, startupTimeoutMs} = this.service.definition
    const {host, keeper} = this.parts
    const {hostExec} = host
    const {state} = this.record
    // In the queue another job may come before: what is reported counts only while the workload is still the one that runs.
    const inTurn = (job: () => Promise<void>): void => {
      this.parts.background.run(() => (this.handle === handle ? job() : Promise.resolve()))
    }
    this.setup = this.setupOf(handle)
    this.workload.attach(
      {handle, state, ...probes, minUptimeMs, startupTimeoutMs, hostExec},
      {
        onDead: (result) => {
          inTurn(() => this.reactions.onDead(result))
        },
        onOutputs: (outputs) => {
          inTurn(() => keeper.save({outputs: {...this.record.outputs, ...outputs}}))
        },
        onHealth: (change, result) => {
          inTurn(() => this.reactions.onHealth(change, result))
        },
        onOverdue: () => {
          inTurn(() => this.reactions.onOverdue())
        },
        onExit: (status) => {
          inTurn(() => this.reactions.onExit(status))
        },
      },
      this.setup ? [this.setup] : [],
    )
  }

  private setupOf(handle: WorkloadHandle): AttemptSetup | undefined {
    const {host, keeper, queue} = this.parts
    const {service} = this
    const {setup} = service
    if (!setup) return undefined
    return new AttemptSetup({
      setup,
      context: (signal) =>
        setupContext({
          host,
          service,
          handle,
          endpoints: this.record.current?.endpoints ?? [],
          signal,
          progress: (message) => {
            this.say(message)
          },
        }),
      keeper,
      clock: host.clock,
      inTurn: (job) =>
        queue.run(async () => {
          const current = this.handle === handle
          if (current) await job()
          return current
        }),
      onFailed: (reason) => this.reactions.onSetupFailed(reason),
    })
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
}

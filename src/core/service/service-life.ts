import path from 'node:path'
import {failpoint} from '../base/failpoint.js'
import {HarnessError, messageOf} from '../base/errors.js'
import type {SerialQueue} from '../base/serial-queue.js'
import type {Probe} from '../contract/probe.js'
import type {WorkloadHandle} from '../contract/workload.js'
import {abortReason, steadyNow} from '../base/clock.js'
import {adoptLost} from './adopt-lost.js'
import {afterFailedRelaunch, shownBackOff, startFailure, type AfterExit} from './after-exit.js'
import {AttemptCopies} from './attempt-copies.js'
import {attemptOptions} from './attempt-options.js'
import {AttemptSetup} from './attempt-setup.js'
import type {BackgroundWork} from './background-work.js'
import {CurrentWorkload} from './current-workload.js'
import {prepareAttempt, type PreparedAttempt} from './prepare.js'
import {freshStart, mayRemain, splitAttempts, type AttemptRecord, type ServiceRecord} from './record.js'
import type {RecordKeeper} from './record-keeper.js'
import {beforeRunning, Reactions} from './reactions.js'
import {serviceContext} from './service-context.js'
import type {AnySetup} from './setup-run.js'
import type {SupervisedService, SupervisorHost} from './supervisor-host.js'
import type {Wish} from './wish.js'
import type {Sight} from './workload-check.js'
import {WorkloadEnding} from './workload-ending.js'
import {WorkloadFinder} from './workload-finder.js'

/** What a stop clears. */
export const unwanted = {desired: 'down', backoffUntil: null, reason: null} as const

/** References filled in. */
interface Probes {
  readonly healthCheck: Probe | undefined
  readonly liveness: Probe | undefined
}

type InTurn = (job: () => Promise<void>) => void

const noSetup: AnySetup = {isComplete: () => Promise.resolve(true), perform: () => Promise.resolve()}

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
  private readonly copies: AttemptCopies
  private readonly finder: WorkloadFinder
  private setup: AttemptSetup | undefined
  private startLimit: Disposable | undefined
  private timer: Disposable | undefined
  private lastNote: string | null = null
  /** What is there, or was, has been begun, found or ended by this daemon. */
  private own = false
  private trouble: string | null = null
  private readonly ending: WorkloadEnding
  private readonly reactions: Reactions

  constructor(private readonly parts: ServiceLifeParts) {
    const {host, service, keeper} = parts
    this.service = service
    this.copies = new AttemptCopies(path.join(host.runsDirectory, host.stack.id, service.name))
    this.finder = new WorkloadFinder(host, service.name, this.copies)
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

  get uptimeMs(): number | undefined {
    return this.workload.uptimeMs
  }

  get probe(): CurrentWorkload['probe'] {
    return this.workload.probe
  }

  /** Not a job of the queue: it only asks. */
  check: CurrentWorkload['check'] = (signal) => this.workload.check(signal)

  /** What has been seen of its workload. */
  get sight(): Sight {
    const {handle, seenAt} = this.workload
    return {handle, seenAt, own: this.own, trouble: this.trouble}
  }

  /** Aborts once what runs now has ended, or is let go of. */
  get gone(): AbortSignal {
    return this.workload.gone
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
  async launch(event: 'relaunch' | 'start', fields: Partial<ServiceRecord> = {}, cause?: string): Promise<void> {
    const {host, keeper} = this.parts
    if (mayRemain(this.record) && !(await this.ending.beforeStart())) return
    const attempt = this.record.attempt + 1
    this.own = true
    this.lastNote = null
    this.ending.renewGrace()
    let prepared: PreparedAttempt
    let probes: Probes
    try {
      prepared = await prepareAttempt(attemptOptions(host, this.service, {...this.record, ...fields}))
      probes = this.probes(prepared.record)
    } catch (error) {
      await keeper.move(event, {...freshStart, ...fields, attempt}, {cause})
      await this.notLaunched(event, error)
      return
    }
    try {
      const {kept, surplus} = splitAttempts(this.record)
      const ports = {...this.record.ports, ...prepared.allocatedPorts}
      const begun = {...freshStart, ...fields, attempt, current: prepared.record, earlier: kept, ports}
      await keeper.move(event, begun, {cause})
      this.finder.discard(surplus)
      await this.keepCopy(prepared.record)
    } finally {
      await prepared[Symbol.asyncDispose]()
    }
    failpoint('after-intent')
    await this.begin(prepared, probes)
  }

  /** Makes what runs of it though the record was lost the current attempt, to be picked up. */
  adopt(): ReturnType<typeof adoptLost> {
    const {host, keeper} = this.parts
    return adoptLost({host, keeper, service: this.service, copies: this.copies, finder: this.finder})
  }

  /** Ends what runs, or is to run, and lets nothing of it be left. Throws SERVICE_STOP_FAILED. */
  async end(cause?: string): Promise<void> {
    this.endTimer()
    this.setup?.[Symbol.dispose]()
    const {keeper} = this.parts
    const {state} = this.record
    if (state === 'NotStarted' || state === 'Stopped' || (state === 'Failed' && !mayRemain(this.record))) return
    if (state !== 'Stopping') await keeper.move('stop', unwanted, {cause})
    await this.ending.finishStop()
  }

  /** Ends what runs, and begins anew. */
  async renew(fields: Partial<ServiceRecord>, reason: string): Promise<void> {
    this.endTimer()
    this.setup?.[Symbol.dispose]()
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
      this.relaunchAt(this.steadyBackOff(backoffUntil ?? 0))
      return
    }
    const found = await this.finder.look(current, (handle) => {
      this.attach(handle, this.probes(current), false)
    })
    this.own = 'handle' in found
    this.trouble = 'trouble' in found ? found.trouble : null
    if ('againMs' in found) {
      keeper.notify()
      // Until it can be told the service is unreachable, not stopped.
      this.endTimer()
      this.timer = host.clock.after(found.againMs, () => {
        background.run(() => this.pickUp())
      })
      return
    }
    const {handle} = found
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

  /** It is needed only when the journal is lost: without it the service starts all the same. */
  private async keepCopy(attempt: AttemptRecord): Promise<void> {
    try {
      await this.copies.keep(attempt)
    } catch (error) {
      this.parts.host.log.warn('no copy of an attempt could be kept', {id: attempt.saved.id, error: messageOf(error)})
    }
  }

  private async begin(prepared: PreparedAttempt, probes: Probes): Promise<void> {
    const {keeper, wish} = this.parts
    const {signal} = wish
    try {
      await this.startAndAttach(prepared, probes, signal)
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

  private async startAndAttach(prepared: PreparedAttempt, probes: Probes, signal: AbortSignal): Promise<void> {
    const executor = this.parts.host.executor(this.service.definition.target.type)
    const progress = (message: string): void => {
      this.say(message)
    }
    const handle = await executor.start(prepared.request, {signal, progress})
    failpoint('after-start')
    try {
      if (signal.aborted) throw abortReason(signal)
      this.attach(handle, probes, true)
      if (handle.fallback) await this.parts.keeper.save({fallback: handle.fallback})
    } catch (error) {
      // An executor that overlooks the signal, or a handle that cannot be watched: nothing else would end it.
      this.workload.letGo()
      await handle.stop({graceMs: 0})
      handle.release()
      throw error
    }
  }

  /** It could not even be prepared. */
  private async notLaunched(event: 'relaunch' | 'start', error: unknown): Promise<void> {
    const {keeper, host} = this.parts
    const now = steadyNow(host.clock)
    const next: AfterExit =
      event === 'start'
        ? {event: 'exitedFinal', fields: startFailure(error)}
        : afterFailedRelaunch(this.record, this.service.definition, error, now)
    await keeper.move(next.event, {...next.fields, ...shownBackOff(next, host.clock)})
    if (next.relaunchAt !== undefined) this.relaunchAt(next.relaunchAt)
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

  private attach(handle: WorkloadHandle, probes: Probes, fresh: boolean): void {
    const {minUptimeMs, startupTimeoutMs} = this.service.definition
    const {host, keeper} = this.parts
    const {hostExec, clock, mask, onAnswered} = host
    const {state, since} = this.record
    const inTurn = this.inTurnOf(handle)
    this.reactions.begin()
    this.setup = this.setupOf(handle, inTurn)
    if (beforeRunning.has(state)) {
      // One that is taken over has all its time from here.
      const begun = state === 'Starting' ? Math.max(handle.startedAt, since) : since
      this.limitStart(startupTimeoutMs - Math.max(0, clock.now() - begun), inTurn)
    }
    this.workload.attach(
      {handle, fresh, state, ...probes, minUptimeMs, hostExec, mask, onAnswered, relay: host.relay?.(handle)},
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
        onExit: (status) => {
          inTurn(() => this.reactions.onExit(status))
        },
      },
      [
        {
          [Symbol.dispose]: () => {
            this.setup?.[Symbol.dispose]()
            this.startLimit?.[Symbol.dispose]()
          },
        },
      ],
    )
  }

  /**
   * Jobs for what is reported of a workload. In the queue another job may come before: they count only while it is still the one that runs. One that
   * has begun and could not be journalled is begun again.
   */
  private inTurnOf(handle: WorkloadHandle): InTurn {
    const {attempt} = this.record
    return (job) => {
      let begun = false
      this.parts.background.run(() => {
        const counts = begun ? this.record.attempt === attempt : this.handle === handle
        begun = true
        return counts ? job() : Promise.resolve()
      })
    }
  }

  /** How long the service may take from here until it is Running. */
  private limitStart(ms: number, inTurn: InTurn): void {
    this.startLimit?.[Symbol.dispose]()
    this.startLimit = this.parts.host.clock.after(Math.max(0, ms), () => {
      inTurn(() => this.reactions.onOverdue())
    })
  }

  private setupOf(handle: WorkloadHandle, inTurn: InTurn): AttemptSetup | undefined {
    const {host, keeper, queue} = this.parts
    const {service} = this
    // One that its type does not bring any more, or that cannot be had now, holds nobody up for ever.
    const setup =
      service.setup ?? (beforeRunning.has(this.record.state) && this.record.state !== 'Starting' ? noSetup : undefined)
    if (!setup) return undefined
    return new AttemptSetup({
      setup,
      context: (signal) =>
        serviceContext({
          host,
          service,
          handle,
          endpoints: this.record.current?.endpoints ?? [],
          signal,
          progress: (message) => {
            this.say(message)
          },
          failed: (reason) => new HarnessError('SERVICE_SETUP_FAILED', {subject: service.name, reason}),
        }),
      keeper,
      clock: host.clock,
      inTurn: (job) =>
        queue.run(async () => {
          const current = this.handle === handle
          if (current) await job()
          return current
        }),
      onFailed: (reason) => {
        inTurn(() => this.reactions.onSetupFailed(reason))
      },
      onReleased: () => this.reactions.onReleased(),
      onLost: () => {
        this.limitStart(service.definition.startupTimeoutMs, inTurn)
      },
    })
  }

  /** The wall clock may have been set since it was written down: nobody waits longer than the policy says. */
  private steadyBackOff(backoffUntil: number): number {
    const {clock} = this.parts.host
    const {maxDelayMs, jitter} = this.service.definition.restart
    return steadyNow(clock) + Math.min(backoffUntil - clock.now(), maxDelayMs * (1 + jitter))
  }

  /** `at`: by the steady clock. */
  private relaunchAt(at: number): void {
    const {clock} = this.parts.host
    this.endTimer()
    this.timer = clock.after(Math.max(0, at - steadyNow(clock)), () => {
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

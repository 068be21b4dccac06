import {formatDuration} from '../base/duration.js'
import {HarnessError, messageOf} from '../base/errors.js'
import type {SerialQueue} from '../base/serial-queue.js'
import type {ExitStatus} from '../contract/command.js'
import type {Probe} from '../contract/probe.js'
import type {CommandLine} from '../contract/stack.js'
import type {WorkloadHandle} from '../contract/workload.js'
import type {ProbeResult} from '../health/probe-result.js'
import type {HealthChange} from '../health/thresholds.js'
import {afterExit, afterLivenessFailure, startFailure} from './after-exit.js'
import {attemptOptions} from './attempt-options.js'
import {AttemptSetup} from './attempt-setup.js'
import type {BackgroundWork} from './background-work.js'
import {CurrentWorkload} from './current-workload.js'
import {exitReport} from './exit-report.js'
import {prepareAttempt, type PreparedAttempt} from './prepare.js'
import {mayRemain, splitAttempts, type AttemptRecord, type ServiceRecord} from './record.js'
import type {RecordKeeper} from './record-keeper.js'
import {setupContext} from './setup-run.js'
import {stopWorkload} from './stop-workload.js'
import type {SupervisedService, SupervisorHost} from './supervisor-host.js'
import type {Wish} from './wish.js'
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
  /** Aborted once what runs may not take its time to end any more. A new attempt has a new one. */
  private grace = new AbortController()

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

  /** What its executor says while it prepares a start, and its type while it sets up. */
  get note(): string | null {
    const {state} = this.record
    return state === 'Starting' || state === 'SettingUp' ? this.lastNote : null
  }

  /** From now on, and until the next attempt, a stop forces at once; also one that is under way. Not a job of the queue. */
  hurry(): void {
    this.grace.abort()
  }

  /** Journal first, then start: a crash in between is found by `pickUp`. */
  async launch(event: 'relaunch' | 'start', fields: Partial<ServiceRecord> = {}): Promise<void> {
    const {host, keeper} = this.parts
    if (mayRemain(this.record) && !(await this.endRemains())) return
    const attempt = this.record.attempt + 1
    this.lastNote = null
    this.grace = new AbortController()
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
    if (handle) this.attach(handle, this.probes(current))
    if (state === 'Stopping') await this.finishStop()
    else if (state === 'Restarting') {
      if (await this.endBefore()) await this.launch('relaunch')
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
          inTurn(() => this.onDead(result))
        },
        onOutputs: (outputs) => {
          inTurn(() => keeper.save({outputs: {...this.record.outputs, ...outputs}}))
        },
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
      onFailed: (reason) => this.onSetupFailed(reason),
    })
  }

  private async onHealth(change: HealthChange, result: ProbeResult | undefined): Promise<void> {
    const {state} = this.record
    const {keeper} = this.parts
    if (change === 'ready' && state === 'Starting') await this.onReady()
    if (change === 'unhealthy' && state === 'Running') await keeper.move('unhealthy', {reason: result?.message ?? null})
    if (change === 'recovered' && state === 'Unhealthy') {
      await keeper.move('recovered', {reason: null})
      this.setup?.goOn('Running')
    }
  }

  private async onReady(): Promise<void> {
    const {keeper, host} = this.parts
    if (this.setup) this.setup.goOn('Starting')
    else await keeper.move('ready', {overdue: false, reason: null, failure: null, readyAt: host.clock.now()})
  }

  private async onSetupFailed(reason: string): Promise<void> {
    const exit = this.report(await this.endWorkload())
    const failure = {code: 'SERVICE_SETUP_FAILED', hint: null} as const
    const event = this.record.state === 'SettingUp' ? 'setupFailed' : 'exitedFinal'
    await this.parts.keeper.move(event, {desired: 'down', reason: `setup: ${reason}`, failure, exit})
  }

  private async onOverdue(): Promise<void> {
    const {state} = this.record
    if (state !== 'Starting' && state !== 'SetupRequired' && state !== 'SettingUp') return
    const {keeper} = this.parts
    const {startupTimeoutMs, onStartTimeout} = this.service.definition
    const what = state === 'Starting' ? 'not ready' : 'not set up'
    const last = state === 'Starting' ? this.probe?.message : this.lastNote
    const reason = `${what} after ${formatDuration(startupTimeoutMs)}` + (last ? `: ${last}` : '')
    const failure = {code: 'SERVICE_START_TIMEOUT', hint: null} as const
    if (onStartTimeout === 'keep') {
      await keeper.save({overdue: true, reason, failure})
      return
    }
    const exit = this.report(await this.endWorkload())
    const hint = `It was stopped: see \`harness logs ${this.service.name}\`.`
    const event = state === 'Starting' ? 'timeout' : state === 'SettingUp' ? 'setupFailed' : 'exitedFinal'
    await keeper.move(event, {desired: 'down', reason, failure: {...failure, hint}, exit})
  }

  /** Its liveness check has given up on it. */
  private async onDead(result: ProbeResult): Promise<void> {
    const {host, keeper} = this.parts
    const next = afterLivenessFailure(this.record, this.service.definition, result.message, host.clock.now())
    if (next.event !== 'restart') {
      const exit = this.report(await this.endWorkload())
      await keeper.move(next.event, {...next.fields, exit})
      return
    }
    await keeper.move(next.event, {...next.fields, exit: null})
    if ((await this.endBefore()) && next.relaunchAt !== undefined) this.relaunchAt(next.relaunchAt)
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
    const {graceMs, stopSignal: signal, stopCommand} = this.service.definition
    const {clock} = this.parts.host
    const {current, exit} = this.record
    const command = stopCommand && this.filled(stopCommand)
    return this.workload.end(
      (handle) => stopWorkload(handle, {graceMs, signal, command, hurry: this.grace.signal, clock}),
      async () => (current && !exit ? this.finder.find(current) : undefined),
    )
  }

  /** References filled in; where one has no value the signal alone must do. */
  private filled({program, args}: CommandLine): CommandLine | undefined {
    try {
      return this.parts.host.fill({program, args: [...args]}, this.record.current?.endpoints ?? [])
    } catch {
      return undefined
    }
  }

  private report(status: ExitStatus | undefined): ServiceRecord['exit'] {
    return status ? exitReport(status, this.parts.host.clock.now()) : null
  }
}

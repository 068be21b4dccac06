import {HarnessError, messageOf} from '../base/errors.js'
import {failpoint} from '../base/failpoint.js'
import {isReplicaOf} from '../base/replica-name.js'
import type {StackDefinition} from '../contract/stack.js'
import type {AddressView, RegisteredService} from '../contract/registry.js'
import type {
  FailureReport,
  HistoryEntry,
  ProgressStep,
  ServiceHealth,
  ServiceUsage,
  StackStatus,
  StartOutcome,
  StopOutcome,
  TaskStatus,
} from '../contract/status.js'
import type {ServiceEnvironment, StackSummary, StartChoices} from '../protocol/methods.js'
import type {Plan} from '../service/plan.js'
import {planStart, type StartWish} from '../service/plan-start.js'
import {planStop, runningDependents} from '../service/plan-stop.js'
import {isAtRest, isLive, isUp} from '../service/record.js'
import type {NodeKey} from '../service/stack-graph.js'
import type {ServiceSupervisor} from '../service/supervisor.js'
import {failureReport, startOutcome, stopOutcome, type OutcomeSource} from './outcome.js'
import {addressViews} from '../registry/address-views.js'
import type {StackPlace} from '../registry/topology.js'
import {entryOf} from './registrations.js'
import {reportSteps, type TaskEvents} from './report-steps.js'
import {StackActions} from './stack-actions.js'
import {StackLogs} from './stack-logs.js'
import {StackModel, type SavedStack} from './stack-model.js'
import {StackNodes} from './stack-nodes.js'
import {StackSessions} from './stack-sessions.js'
import type {StackOptions} from './stack-options.js'
import {attemptsOf, type BelievedAttempt} from './believed-attempts.js'
import type {TaskRunner} from './task-runner.js'
import {usageOf} from './usage.js'
import {Watches} from './watches.js'
import {Wishes} from './wishes.js'

/** Who hears of a request's plan and of what comes of it. */
export interface Listeners {
  readonly onPlan?: (plan: Plan) => void
  readonly onStep?: (step: ProgressStep) => void
  readonly taskEvents?: TaskEvents
}

export interface StartOptions extends Listeners, StartChoices {
  /** Empty: all. */
  readonly services: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly restart: boolean
  /** A task runs once for it, also when it comes again to another daemon. */
  readonly requestId?: string
}

export interface StopStackOptions extends Listeners {
  /** Empty: all, unless tasks are named. */
  readonly services: readonly string[]
  /** What to do about services that run and need one of these. */
  readonly dependents: 'leave' | 'refuse' | 'stop'
  /** To be ended as well, or alone. Stopping all services ends all tasks. */
  readonly tasks?: readonly string[]
  /** What still runs so long after the call is forced at once, in milliseconds. */
  readonly timeoutMs?: number
}

/** One stack: its services and its tasks under one plan. */
export class Stack {
  readonly id: string
  readonly logs: StackLogs
  readonly sessions: StackSessions
  readonly actions: StackActions
  private readonly nodes: StackNodes
  private readonly watches: Watches
  private readonly wishes: Wishes
  private model: StackModel

  constructor(private readonly options: StackOptions) {
    this.id = options.id
    this.model = new StackModel(options.saved, options.catalogue)
    this.nodes = new StackNodes(options, () => this.model)
    this.wishes = new Wishes(this.id, options.store, this.nodes, () => this.definition)
    this.watches = new Watches({
      ...options,
      directory: () => this.definition.directory,
      runTask: (task, service) => this.nodes.runForWatch(task, service.wanted()),
    })
    this.logs = new StackLogs(this.id, options.catalogue, options.clock, this.nodes)
    const find = (names: readonly string[], all: readonly string[] = []): readonly ServiceSupervisor[] =>
      this.nodes.chosen(names, all).map((name) => this.nodes.services.get(name))
    this.sessions = new StackSessions(options.catalogue, find)
    this.actions = new StackActions({...options, find: (names) => find(names, this.nodes.services.names)})
    this.nodes.redefine()
    this.watches.define(this.nodes.services.all())
  }

  get definition(): StackDefinition {
    return this.model.definition
  }

  /** What is to be remembered of it once it has this definition. */
  savedAfter(definition: StackDefinition): SavedStack {
    return this.model.after(definition, this.nodes.activity, this.options.catalogue)
  }

  /** What is to be remembered of it once a service has so many replicas. SERVICE_UNKNOWN; SERVICE_IN_USE for 0 of what others need. */
  savedScaled(service: string, replicas: number): SavedStack {
    this.nodes.requireGroup(service)
    if (replicas === 0) this.refuseIfNeeded(this.resolve([service]))
    return this.model.scaled(service, replicas, this.nodes.activity, this.options.catalogue)
  }

  /** Takes over what has just been remembered. What runs goes on until it is started or restarted. */
  redefine(saved: SavedStack): void {
    this.model = new StackModel(saved, this.options.catalogue)
    this.nodes.redefine()
    this.watches.define(this.nodes.services.all())
  }

  /** Everything that has a log: services, then tasks. */
  get names(): readonly string[] {
    return this.nodes.all().map(({name}) => name)
  }

  /** Who prints, of these names or of the whole stack: a service means all its replicas, also those that are still being stopped. */
  logNames(names: readonly string[]): readonly string[] {
    if (names.length === 0) return this.names
    const leaving = this.orphans.filter((orphan) => names.some((name) => isReplicaOf(name, orphan)))
    return [...new Set([...this.resolve(names), ...leaving])]
  }

  /** Names as people give them: a service means all its replicas. */
  resolve(names: readonly string[]): readonly string[] {
    return this.model.resolve(names)
  }

  /** Services that run and are in the file no more. */
  get orphans(): readonly string[] {
    return this.nodes.services.all().flatMap(({name, orphan}) => (orphan ? [name] : []))
  }

  /** Something is, or is to be, up: the daemon has work here. */
  get isActive(): boolean {
    const {services, tasks} = this.nodes
    const working = services
      .all()
      .some(({record}) => record.desired === 'up' || isUp(record) || record.state === 'Stopping')
    return working || tasks.all().some(({record}) => record.desired === 'up')
  }

  /** The stack in one line. */
  summary(): StackSummary {
    const all = this.nodes.services.all()
    const {name, file, environment} = this.definition
    const running = all.filter(({record}) => isLive(record.state)).length
    return {stack: this.id, name, file, running, total: all.length, ...(environment !== undefined && {environment})}
  }

  /** Every name of a service or task when none is given. */
  status(names: readonly string[]): StackStatus {
    const {name, file} = this.definition
    const {services, tasks} = this.nodes
    return {
      stack: this.id,
      name,
      file,
      services: this.nodes.chosen(names, services.names).map((each) => services.get(each).status()),
      tasks: names.length === 0 ? tasks.all().map((task) => task.status()) : [],
    }
  }

  /**
   * Asks the checks of these services now; when none is named, of those that are not at rest, or have failed. What is named and does not run is
   * there as `down`.
   */
  checkHealth(names: readonly string[], signal: AbortSignal): Promise<readonly ServiceHealth[]> {
    const {services} = this.nodes
    const concerned = services.all().filter(({record}) => !isAtRest(record) || record.state === 'Failed')
    const chosen = this.nodes.chosen(
      names,
      concerned.map(({name}) => name),
    )
    return Promise.all(chosen.map((name) => services.get(name).checkHealth(signal)))
  }

  /** What those of these services use that run and of which it can be told; all of them when none is named. */
  usage(names: readonly string[], signal: AbortSignal): Promise<readonly ServiceUsage[]> {
    const {services} = this.nodes
    return usageOf(
      this.nodes.chosen(names, services.names).map((name) => services.get(name)),
      {signal, ...this.options},
    )
  }

  /** What is believed to run, or to be about to. */
  attempts(): readonly BelievedAttempt[] {
    return attemptsOf(this.nodes)
  }

  /** The registry's entries of these services; of all when none is named. */
  registered(names: readonly string[] = []): readonly RegisteredService[] {
    const {services} = this.nodes
    return this.nodes.chosen(names, services.names).map((name) => entryOf(this, services.get(name)))
  }

  /** It in the topology: its networks, and where its services are. */
  get place(): StackPlace {
    const {services, parties} = this.nodes
    return {
      ...{id: this.id, name: this.definition.name, world: parties.world()},
      services: services.all().map((service) => ({
        entry: entryOf(this, service),
        party: parties.of('service', service.name),
      })),
    }
  }

  /** How this machine and the other services reach this one. SERVICE_UNKNOWN. */
  addresses(service: string): readonly AddressView[] {
    const {services, parties} = this.nodes
    const {endpoints} = entryOf(this, services.get(service))
    const askers = services.names.filter((name) => name !== service).map((name) => parties.of('service', name))
    return addressViews(parties.of('service', service), endpoints, {askers, world: parties.world()})
  }

  /** Tells of what is registered of it; of nothing once it is forgotten. */
  announce(forgotten = false): void {
    if (forgotten) this.nodes.registrations.end()
    else this.nodes.registrations.allChanged()
  }

  /** How much the running attempt of each service has printed, in bytes. */
  async logBytes(): Promise<ReadonlyMap<string, number>> {
    const sizes = this.nodes.services.all().map(async ({name, handle}) => {
      const ends = await Promise.all((handle?.logs ?? []).map((source) => source.end().catch(() => 0)))
      return [name, ends.reduce((sum, end) => sum + end, 0)] as const
    })
    return new Map(await Promise.all(sizes))
  }

  history(service: string): readonly HistoryEntry[] {
    return this.nodes.services.get(service).history()
  }

  environment(service: string): ServiceEnvironment {
    const found = this.nodes.services.get(service)
    return {service, changed: found.changed, ...found.environment()}
  }

  /** What a start would do now. */
  plan(options: Pick<StartOptions, 'dependencies' | 'profiles' | 'restart' | 'services'>): Plan {
    const {restart, dependencies} = options
    const services = this.asked(options)
    const choice = dependencies === undefined ? {} : {dependencies}
    const skippable = new Set(this.unselected(options.profiles).filter((name) => !services.includes(name)))
    const plan = planStart(this.definition, this.nodes.observe(), {services, tasks: [], restart, skippable, ...choice})
    if (dependencies !== false) this.refuseScaledAway(plan)
    return plan
  }

  /** Those that are named, else those that the profiles select and those that run. */
  private asked({services, profiles}: Pick<StartOptions, 'profiles' | 'services'>): readonly string[] {
    const left = new Set(services.length === 0 ? this.unselected(profiles) : [])
    return this.nodes.chosen(
      services,
      Object.keys(this.definition.services).filter((name) => !left.has(name)),
    )
  }

  /** Services of other profiles than these which do not run. */
  private unselected(active: readonly string[] = []): readonly string[] {
    return Object.entries(this.definition.services)
      .filter(([, {profiles = []}]) => profiles.length > 0 && !profiles.some((profile) => active.includes(profile)))
      .map(([name]) => name)
      .filter((name) => !this.nodes.activity.service(name))
  }

  /** Brings services up and answers when each that was asked for has settled. */
  async start(options: StartOptions): Promise<StartOutcome> {
    const plan = this.plan(options)
    options.onPlan?.(plan)
    using _steps = this.reportSteps(plan, options)
    await this.wishes.want(plan, options)
    const results = this.nodes.run(plan, options.parallel)
    const asked = this.asked(options)
    // What is restarted with something is asked for as well.
    const restarted = plan.steps.flatMap(({action, key}) => (action === 'restart' ? [key] : []))
    const keys = new Set<NodeKey>([...asked.map((name) => `service:${name}` as const), ...restarted])
    const unsteady = await this.nodes.settle([...keys], results)
    const outcome = {...(await startOutcome(plan, this.outcomeSource(), unsteady)), orphans: this.orphans}
    return options.rollback ? await this.rollBack(plan, outcome) : outcome
  }

  /** Takes services down in reverse order and answers when nothing of them is left. Stopping all ends tasks too. */
  async stop(options: StopStackOptions): Promise<StopOutcome> {
    const {services: manager, tasks} = this.nodes
    const named = options.tasks ?? []
    const all = options.services.length === 0 && named.length === 0
    const services = this.nodes.chosen(options.services, all ? manager.names : [])
    if (options.dependents === 'refuse') this.refuseIfNeeded(services)
    const ending = all ? tasks.all() : named.map((name) => tasks.get(name))
    const wish = {services, withDependents: options.dependents === 'stop'}
    const plan = planStop(this.definition, this.nodes.observe(), wish)
    options.onPlan?.(plan)
    using _steps = this.reportSteps(plan, options)
    using _deadline = this.hurryAfter(options.timeoutMs, plan, ending)
    await Promise.all([
      ...plan.steps.map((step) => manager.get(step.name).unwant()),
      ...ending.map((task) => task.cancel()),
    ])
    failpoint('stop-wished')
    const results = await Promise.all(this.nodes.run(plan).values())
    const outcome = await stopOutcome(plan, this.outcomeSource(), results)
    manager.forgetOrphans()
    this.announce()
    return outcome
  }

  /** Runs one task with what it depends on. */
  async runTask(
    name: string,
    options: Listeners & Pick<StartOptions, 'env' | 'requestId'> & {readonly force: boolean},
  ): Promise<{readonly task: TaskStatus; readonly failure: FailureReport | null}> {
    const task = this.nodes.tasks.get(name)
    const plan = planStart(this.definition, this.nodes.observe(), {services: [], tasks: [name], restart: false})
    options.onPlan?.(plan)
    using _steps = this.reportSteps(plan, options)
    await this.wishes.want(plan, {...options, ...(options.force && {forced: `task:${name}` as const})})
    const results = this.nodes.run(plan)
    await this.nodes.settle([`task:${name}`], results)
    const {state} = task.record
    const failed = state === 'Failed' || state === 'Blocked'
    return {
      task: task.status(),
      failure: failed ? await failureReport({kind: 'task', name}, this.outcomeSource()) : null,
    }
  }

  /** Takes over what runs of it though the journal does not say so: the part that did is lost. */
  async adopt(): Promise<void> {
    await Promise.all(this.nodes.services.all().map((service) => service.adopt()))
  }

  /** After a restart of the daemon: finds everything again, then goes on with what was asked for. Resolves when all is found. */
  async recover(): Promise<void> {
    const {services} = this.nodes
    await Promise.all(services.all().map((service) => this.recoverOne(service)))
    const idle = ({record: {desired, state}}: ServiceSupervisor): boolean =>
      desired === 'up' && !isLive(state) && state !== 'Restarting'
    const names = services
      .all()
      .filter(idle)
      .map(({name}) => name)
    const tasks = this.nodes.tasks.all().filter(({record}) => record.desired === 'up')
    if (names.length === 0 && tasks.length === 0) return
    const wish: StartWish = {services: names, tasks: tasks.map((task) => task.name), restart: false, resume: true}
    const plan = planStart(this.definition, this.nodes.observe(), wish)
    for (const result of this.nodes.run(plan).values()) {
      result.catch((error: unknown) => {
        this.options.log.error('a start could not be finished', {stack: this.id, error: messageOf(error)})
      })
    }
  }

  /** Lets go of everything; what runs goes on. */
  async close(): Promise<void> {
    this.watches[Symbol.dispose]()
    await this.sessions.close()
    this.nodes.schedules[Symbol.dispose]()
    await Promise.all(this.nodes.all().map((node) => node.close()))
  }

  private async recoverOne(service: ServiceSupervisor): Promise<void> {
    try {
      await service.recover()
      failpoint('mid-recovery')
      if (service.record.desired === 'down' && isLive(service.record.state)) await service.stop()
    } catch (error) {
      this.options.log.error('a service could not be recovered', {stack: this.id, error: messageOf(error)})
    }
  }

  /** Takes back what a start began, when not all of it came true. */
  private async rollBack(plan: Plan, outcome: StartOutcome): Promise<StartOutcome> {
    if (outcome.failed.length === 0 && outcome.blocked.length === 0) return outcome
    const begun = plan.steps.filter(({kind, action}) => kind === 'service' && action === 'start')
    const services = begun.map(({name}) => name).filter((name) => this.nodes.activity.service(name))
    if (services.length === 0) return outcome
    const {stopped} = await this.stop({services, dependents: 'leave'})
    const stays = (name: string): boolean => !stopped.includes(name)
    return {
      ...outcome,
      started: outcome.started.filter(stays),
      pending: outcome.pending.filter(stays),
      rolledBack: stopped,
    }
  }

  private hurryAfter(ms: number | undefined, plan: Plan, tasks: readonly TaskRunner[]): Disposable {
    const hurry = (): void => {
      for (const {action, name} of plan.steps) if (action === 'stop') this.nodes.services.get(name).hurry()
      for (const task of tasks) task.hurry()
    }
    if (ms === 0) hurry()
    return ms === undefined || ms === 0 ? {[Symbol.dispose]: () => undefined} : this.options.clock.after(ms, hurry)
  }

  private reportSteps(plan: Plan, {onStep, taskEvents}: Listeners): Disposable {
    return reportSteps(plan, {
      node: (key) => this.nodes.node(key),
      clock: this.options.clock,
      onStep: onStep ?? (() => undefined),
      ...(taskEvents && {taskEvents}),
    })
  }

  private refuseIfNeeded(services: readonly string[]): void {
    const dependents = runningDependents(this.definition, this.nodes.observe(), services)
    if (dependents.length === 0) return
    const reason = `${dependents.join(', ')} ${dependents.length === 1 ? 'needs' : 'need'} it`
    throw new HarnessError('SERVICE_IN_USE', {subject: services.join(', '), reason, details: {dependents}})
  }

  /** SERVICE_BLOCKED when something that is to begin needs what was scaled to 0. */
  private refuseScaledAway(plan: Plan): void {
    for (const {kind, name, action} of plan.steps) {
      const missing = action === 'keep' ? undefined : this.model.missingFor(kind, name)
      if (missing === undefined) continue
      throw new HarnessError('SERVICE_BLOCKED', {
        subject: name,
        reason: `it needs service '${missing}', which is scaled to 0`,
        hint: `Run \`harness scale ${missing}=1\`.`,
      })
    }
  }

  private outcomeSource(): OutcomeSource {
    const {services, tasks} = this.nodes
    return {
      stack: this.id,
      service: (name) => services.get(name),
      task: (name) => tasks.get(name),
      lastLines: (name) => this.logs.lastLines(name, 20),
    }
  }
}

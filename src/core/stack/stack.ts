import {HarnessError, messageOf} from '../base/errors.js'
import type {ServiceState} from '../contract/service-state.js'
import type {StackDefinition} from '../contract/stack.js'
import type {
  FailureReport,
  ProgressStep,
  StackStatus,
  StartOutcome,
  StopOutcome,
  TaskStatus,
} from '../contract/status.js'
import type {StackSummary} from '../protocol/methods.js'
import {ServiceManager} from '../service/manager.js'
import type {Observed, Plan} from '../service/plan.js'
import {planStart, type StartWish} from '../service/plan-start.js'
import {planStop, runningDependents} from '../service/plan-stop.js'
import {isAtRest, isLive} from '../service/record.js'
import {runPlan, type StepResult} from '../service/run-plan.js'
import {kindOf, nameOf, type NodeKey} from '../service/stack-graph.js'
import type {ServiceSupervisor} from '../service/supervisor.js'
import {callerEnvKey, saveCallerEnv} from './caller-env.js'
import {completeTasks} from './complete-tasks.js'
import {failureReport, startOutcome, stopOutcome, type OutcomeSource} from './outcome.js'
import {nodeHosts} from './node-hosts.js'
import {reportSteps} from './report-steps.js'
import {StackLogs} from './stack-logs.js'
import type {RemovedParts, StackOptions} from './stack-options.js'
import {whenSettled, whenSteady} from './settled.js'
import {TaskRunner} from './task-runner.js'
import {TaskStack} from './task-stack.js'

export interface StartOptions {
  /** Empty: all. */
  readonly services: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly restart: boolean
  readonly onPlan?: (plan: Plan) => void
  readonly onStep?: (step: ProgressStep) => void
}

export interface StopStackOptions {
  /** Empty: all. */
  readonly services: readonly string[]
  /** What to do about services that run and need one of these. */
  readonly dependents: 'leave' | 'refuse' | 'stop'
  readonly onPlan?: (plan: Plan) => void
  readonly onStep?: (step: ProgressStep) => void
}

/** One stack: its services and its tasks under one plan. */
export class Stack {
  readonly id: string
  readonly logs: StackLogs
  private readonly services: ServiceManager
  private readonly tasks: TaskStack
  private readonly asked = new Set<{readonly env: string}>()
  private definitionNow: StackDefinition
  private removed: RemovedParts

  constructor(private readonly options: StackOptions) {
    this.id = options.id
    this.definitionNow = options.definition
    this.removed = options.removed
    const hosts = nodeHosts({
      ...options,
      definition: () => this.definitionNow,
      endpoints: (service) => this.services.endpointsOf(service),
      outputs: (task) => this.tasks.outputs(task),
    })
    this.services = new ServiceManager({...options, hostFor: hosts.service})
    this.tasks = new TaskStack(options.store, hosts.task)
    this.logs = new StackLogs(this.id, options.catalogue, options.clock, (name) => this.node(this.keyOf(name)))
    this.redefine(options.definition, options.removed)
  }

  get definition(): StackDefinition {
    return this.definitionNow
  }

  /** Takes a new definition. What runs goes on until it is started or restarted, also the parts that are `removed`. */
  redefine(definition: StackDefinition, removed: RemovedParts): void {
    this.definitionNow = completeTasks(definition, this.options.catalogue)
    this.removed = removed
    this.services.define(this.definitionNow, removed.services)
    this.tasks.define(this.definitionNow, removed.tasks)
  }

  /** What this definition takes out although it has not come to rest. */
  removedBy(definition: StackDefinition): RemovedParts {
    const {services, tasks} = this.definition
    const isActive = {
      service: (name: string) => this.services.has(name) && !isAtRest(this.services.get(name).record),
      task: (name: string) => this.tasks.has(name) && this.tasks.get(name).record.desired === 'up',
    }
    return {
      services: without({...this.removed.services, ...services}, definition.services, isActive.service),
      tasks: without({...this.removed.tasks, ...tasks}, definition.tasks, isActive.task),
    }
  }

  /** Everything that has a log: services, then tasks. */
  get names(): readonly string[] {
    return [...this.services.names, ...this.tasks.all().map(({name}) => name)]
  }

  /** Something is, or is to be, up: the daemon has work here. */
  get isActive(): boolean {
    const services = this.services.all().some(({record}) => record.desired === 'up' || hasWork(record.state))
    return services || this.tasks.all().some(({record}) => record.desired === 'up')
  }

  /** The stack in one line. */
  summary(): StackSummary {
    const all = this.services.all()
    const {name, file} = this.definition
    const running = all.filter(({record}) => isLive(record.state)).length
    return {stack: this.id, name, file, running, total: all.length}
  }

  /** Every name of a service or task when none is given. */
  status(names: readonly string[]): StackStatus {
    const {name, file} = this.definition
    const chosen = names.length === 0 ? this.services.all() : names.map((each) => this.services.get(each))
    return {
      stack: this.id,
      name,
      file,
      services: chosen.map((service) => service.status()),
      tasks: names.length === 0 ? this.tasks.all().map((task) => task.status()) : [],
    }
  }

  /** Brings services up and answers when each that was asked for has settled. */
  async start(options: StartOptions): Promise<StartOutcome> {
    const services = options.services.length === 0 ? Object.keys(this.definition.services) : options.services
    for (const name of services) this.services.get(name)
    const plan = planStart(this.definition, this.observe(), {services, tasks: [], restart: options.restart})
    options.onPlan?.(plan)
    using _steps = this.reportSteps(plan, options.onStep)
    await this.wantAll(plan, options.env)
    const results = this.run(plan)
    const asked = services.map((name) => `service:${name}` as const)
    const unsteady = await this.settle(asked, results)
    return await startOutcome(plan, this.outcomeSource(), unsteady)
  }

  /** Takes services down in reverse order and answers when nothing of them is left. Stopping all ends tasks too. */
  async stop(options: StopStackOptions): Promise<StopOutcome> {
    const all = options.services.length === 0
    const services = all ? this.services.names : options.services
    for (const name of services) this.services.get(name)
    if (options.dependents === 'refuse') this.refuseIfNeeded(services)
    const plan = planStop(this.definition, this.observe(), {services, withDependents: options.dependents === 'stop'})
    options.onPlan?.(plan)
    using _steps = this.reportSteps(plan, options.onStep)
    await Promise.all([
      ...plan.steps.map((step) => this.services.get(step.name).unwant()),
      ...(all ? this.tasks.all().map((task) => task.cancel()) : []),
    ])
    const results = await Promise.all(this.run(plan).values())
    return await stopOutcome(plan, this.outcomeSource(), results)
  }

  /** Runs one task with what it depends on. */
  async runTask(
    name: string,
    options: Pick<StartOptions, 'env' | 'onPlan' | 'onStep'> & {readonly force: boolean},
  ): Promise<{readonly task: TaskStatus; readonly failure: FailureReport | null}> {
    const task = this.tasks.get(name)
    const plan = planStart(this.definition, this.observe(), {services: [], tasks: [name], restart: false})
    options.onPlan?.(plan)
    using _steps = this.reportSteps(plan, options.onStep)
    await this.wantAll(plan, options.env, options.force ? `task:${name}` : undefined)
    const results = this.run(plan)
    await this.settle([`task:${name}`], results)
    const {state} = task.record
    const failed = state === 'Failed' || state === 'Blocked'
    return {
      task: task.status(),
      failure: failed ? await failureReport({kind: 'task', name}, this.outcomeSource()) : null,
    }
  }

  /** After a restart of the daemon: finds everything again, then goes on with what was asked for. Resolves when all is found. */
  async recover(): Promise<void> {
    await Promise.all(this.services.all().map((service) => this.recoverOne(service)))
    const idle = (name: string): boolean => {
      const {desired, state} = this.services.get(name).record
      return desired === 'up' && !isLive(state) && state !== 'Restarting'
    }
    const names = this.services.names.filter(idle)
    const tasks = this.tasks.all().filter(({record}) => record.desired === 'up')
    if (names.length === 0 && tasks.length === 0) return
    const wish: StartWish = {services: names, tasks: tasks.map((task) => task.name), restart: false, resume: true}
    const plan = planStart(this.definition, this.observe(), wish)
    for (const result of this.run(plan).values()) {
      result.catch((error: unknown) => {
        this.options.log.error('a start could not be finished', {stack: this.id, error: messageOf(error)})
      })
    }
  }

  /** Lets go of everything; what runs goes on. */
  async close(): Promise<void> {
    await Promise.all([...this.services.all(), ...this.tasks.all()].map((node) => node.close()))
  }

  private async recoverOne(service: ServiceSupervisor): Promise<void> {
    try {
      await service.recover()
      if (service.record.desired === 'down' && isLive(service.record.state)) await service.stop()
    } catch (error) {
      this.options.log.error('a service could not be recovered', {stack: this.id, error: messageOf(error)})
    }
  }

  private observe(): Observed {
    return {services: this.services.observe(), tasks: this.tasks.observe()}
  }

  private run(plan: Plan): ReadonlyMap<NodeKey, Promise<StepResult>> {
    const never = new AbortController().signal
    return runPlan(plan, {
      node: (key) => this.node(key),
      wanted: (key) => (plan.direction === 'down' ? never : this.node(key).wanted()),
      places: this.options.places,
    })
  }

  private node(key: NodeKey): ServiceSupervisor | TaskRunner {
    return kindOf(key) === 'service' ? this.services.get(nameOf(key)) : this.tasks.get(nameOf(key))
  }

  private keyOf(name: string): NodeKey {
    return this.tasks.has(name) && !this.services.has(name) ? `task:${name}` : `service:${name}`
  }

  /** From the first word on, nobody else forgets the environment that is about to be named by the records. */
  private async wantAll(plan: Plan, env: StartOptions['env'], forced?: NodeKey): Promise<void> {
    const asked = {env: callerEnvKey(this.id, env)}
    this.asked.add(asked)
    try {
      const used = [...this.services.all(), ...this.tasks.all()].flatMap(({record}) => record.env ?? [])
      await saveCallerEnv(this.options.store, this.id, env, [...used, ...[...this.asked].map((each) => each.env)])
      const wanted = plan.steps.filter(({action}) => action !== 'keep')
      await Promise.all(wanted.map(({key}) => this.node(key).want(asked.env, key === forced)))
    } finally {
      this.asked.delete(asked)
    }
  }

  /** Waits until all asked for have settled. Answers the services that do not hold. */
  private async settle(
    keys: readonly NodeKey[],
    results: ReadonlyMap<NodeKey, Promise<StepResult>>,
  ): Promise<readonly string[]> {
    const {clock} = this.options
    const unsteady = await Promise.all(
      keys.map(async (key) => {
        await results.get(key)
        const node = this.node(key)
        if (node instanceof TaskRunner) return whenSettled(node).then(() => [])
        const patienceMs = node.definition.startupTimeoutMs
        return (await whenSteady(node, {clock, patienceMs})) ? [] : [node.name]
      }),
    )
    return unsteady.flat()
  }

  private reportSteps(plan: Plan, onStep: StartOptions['onStep']): Disposable {
    return reportSteps(plan, {
      node: (key) => this.node(key),
      clock: this.options.clock,
      onStep: onStep ?? (() => undefined),
    })
  }

  private refuseIfNeeded(services: readonly string[]): void {
    const dependents = runningDependents(this.definition, this.observe(), services)
    if (dependents.length === 0) return
    const reason = `${dependents.join(', ')} ${dependents.length === 1 ? 'needs' : 'need'} it`
    throw new HarnessError('SERVICE_IN_USE', {subject: services.join(', '), reason, details: {dependents}})
  }

  private outcomeSource(): OutcomeSource {
    return {
      stack: this.id,
      service: (name) => this.services.get(name),
      task: (name) => this.tasks.get(name),
      lastLines: (name) => this.logs.lastLines(name, 20),
    }
  }
}

/** Something runs, or is about to end or to begin. */
function hasWork(state: ServiceState): boolean {
  return isLive(state) || state === 'Stopping' || state === 'Restarting'
}

/** Those of `all` that `present` lacks and that `keep` says yes to. */
function without<T>(
  all: Readonly<Record<string, T>>,
  present: Readonly<Record<string, T>>,
  keep: (name: string) => boolean,
): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => !Object.hasOwn(present, name) && keep(name)))
}

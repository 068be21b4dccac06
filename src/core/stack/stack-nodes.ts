import {HarnessError} from '../base/errors.js'
import {Semaphore} from '../base/semaphore.js'
import {ServiceManager} from '../service/manager.js'
import type {Observed, Plan} from '../service/plan.js'
import {isAtRest} from '../service/record.js'
import {runPlan, type StepResult} from '../service/run-plan.js'
import {kindOf, nameOf, type NodeKey} from '../service/stack-graph.js'
import type {ServiceSupervisor} from '../service/supervisor.js'
import {nodeHosts} from './node-hosts.js'
import {Parties} from './parties.js'
import {Registrations} from './registrations.js'
import {TaskSchedules} from './schedule.js'
import {runScheduled} from './scheduled-run.js'
import {whenSettled, whenSteady} from './settled.js'
import type {Activity, StackModel} from './stack-model.js'
import type {StackOptions} from './stack-options.js'
import {TaskRunner} from './task-runner.js'
import {TaskStack} from './task-stack.js'

/** The services and tasks of one stack, each under its own supervisor, and how a plan is carried out on them. */
export class StackNodes {
  readonly services: ServiceManager
  readonly tasks: TaskStack
  readonly schedules: TaskSchedules
  /** What of it has not come to rest. */
  readonly activity: Activity = {
    service: (name) => this.services.has(name) && !isAtRest(this.services.get(name).record),
    task: (name) => this.tasks.has(name) && this.tasks.get(name).record.desired === 'up',
  }

  readonly registrations: Registrations
  /** Who reaches whom by which address. */
  readonly parties: Parties
  private readonly followed = new WeakSet<ServiceSupervisor>()
  private readonly redefined = new Set<() => void>()

  constructor(
    private readonly options: StackOptions,
    private readonly model: () => StackModel,
  ) {
    this.parties = new Parties({
      ...options,
      definition: () => model().definition,
      service: (name) => (this.services.has(name) ? this.services.get(name) : undefined),
      endpoints: (service) => this.services.endpointsOf(service),
    })
    const hosts = nodeHosts({
      ...options,
      definition: () => model().definition,
      groupOf: (name) => model().replicaOf(name).group,
      parties: this.parties,
      serviceOutputs: (service) => this.services.outputsOf(service),
      outputs: (task) => this.tasks.outputs(task),
      nextRunAt: (task) => this.schedules.nextRunAt(task),
      givenTo: (kind, name) => (kind === 'service' ? this.services.get(name) : this.tasks.get(name)).record.env,
    })
    this.services = new ServiceManager({
      ...options,
      hostFor: hosts.service,
      replicaOf: (name) => model().replicaOf(name),
      brought: () => model().saved.brought ?? {},
    })
    this.registrations = new Registrations({
      ...options,
      stack: () => ({id: options.id, definition: model().definition}),
      services: () => this.services.all(),
      service: (name) => (this.services.has(name) ? this.services.get(name) : undefined),
    })
    this.tasks = new TaskStack(options.store, hosts.task)
    this.schedules = new TaskSchedules({
      ...options,
      isBusy: (task) => this.activity.task(task),
      whenIdle: (task) => whenSettled(this.tasks.get(task)).then(() => undefined),
      run: (task) => this.runScheduled(task),
    })
  }

  /** Takes the model over. What runs goes on until it is started or restarted, also what is removed. */
  redefine(): void {
    const {definition, saved} = this.model()
    this.services.define(definition, saved.removed.services)
    this.tasks.define(definition, saved.removed.tasks)
    this.schedules.update(definition)
    this.followServices()
    for (const listener of [...this.redefined]) listener()
  }

  /** Hears that services and tasks may have come or gone. */
  onRedefine(listener: () => void): Disposable {
    this.redefined.add(listener)
    return {[Symbol.dispose]: () => void this.redefined.delete(listener)}
  }

  /** Schedules count while anything of the stack is to be up. */
  private followServices(): void {
    const follow = (): void => {
      this.schedules.setActive(this.services.all().some(({record}) => record.desired === 'up'))
    }
    for (const service of this.services.all()) {
      if (this.followed.has(service)) continue
      this.followed.add(service)
      service.onChange(follow)
      service.onChange(() => {
        this.registrations.changed(service)
      })
    }
    follow()
  }

  /** Runs a task because files have changed. A run that goes on may have read them before: it is waited for, as long as `wanted`. */
  async runForWatch(task: string, wanted: AbortSignal): Promise<void> {
    if (this.activity.task(task)) await whenSettled(this.tasks.get(task))
    if (!wanted.aborted) await this.runScheduled(task, true)
  }

  private runScheduled(task: string, force = false): Promise<void> {
    return runScheduled(task, {
      ...this.options,
      force,
      definition: this.model().definition,
      observed: this.observe(),
      services: this.services.all(),
      task: (name) => this.tasks.get(name),
      run: (plan) => this.run(plan),
    })
  }

  all(): readonly (ServiceSupervisor | TaskRunner)[] {
    return [...this.services.all(), ...this.tasks.all()]
  }

  has(name: string): boolean {
    return this.services.has(name) || this.tasks.has(name)
  }

  node(key: NodeKey): ServiceSupervisor | TaskRunner {
    return kindOf(key) === 'service' ? this.services.get(nameOf(key)) : this.tasks.get(nameOf(key))
  }

  /** A service comes before a task of the same name. */
  named(name: string): ServiceSupervisor | TaskRunner {
    return this.node(this.tasks.has(name) && !this.services.has(name) ? `task:${name}` : `service:${name}`)
  }

  /** Names of services as people give them, or all; SERVICE_UNKNOWN for one that there is not. */
  chosen(names: readonly string[], all: readonly string[]): readonly string[] {
    const services = names.length === 0 ? all : this.model().resolve(names)
    for (const name of services) {
      if (!this.services.has(name) && this.model().isService(name)) throw scaledAway(name)
      this.services.get(name)
    }
    return services
  }

  observe(): Observed {
    return {services: this.services.observe(), tasks: this.tasks.observe()}
  }

  run(plan: Plan, parallel?: number): ReadonlyMap<NodeKey, Promise<StepResult>> {
    const never = new AbortController().signal
    return runPlan(plan, {
      node: (key) => this.node(key),
      wanted: (key) => (plan.direction === 'down' ? never : this.node(key).wanted()),
      places: parallel === undefined ? this.options.places : new Semaphore(parallel),
    })
  }

  /** Waits until all asked for have settled. Answers the services that do not hold. */
  async settle(
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

  /** SERVICE_UNKNOWN unless it is a service of the file. */
  requireGroup(service: string): void {
    if (this.model().isService(service)) return
    const known = Object.keys(this.model().saved.definition.services).join(', ')
    throw new HarnessError('SERVICE_UNKNOWN', {
      subject: service,
      reason: `expected one of ${known || 'none: the stack has no service'}`,
    })
  }
}

function scaledAway(service: string): HarnessError {
  const hint = `Run \`harness scale ${service}=1\`.`
  return new HarnessError('SERVICE_UNKNOWN', {subject: service, reason: 'it is scaled to 0', hint})
}

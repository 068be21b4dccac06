import path from 'node:path'
import {availableParallelism} from 'node:os'
import type {Clock} from '../base/clock.js'
import {HarnessError, messageOf} from '../base/errors.js'
import type {Log} from '../base/log.js'
import {Semaphore} from '../base/semaphore.js'
import {SerialQueue} from '../base/serial-queue.js'
import {checkStack} from '../config/check-stack.js'
import {standardInput} from '../config/find-stack-file.js'
import type {Catalogue} from '../contract/catalogue.js'
import type {StackDefinition} from '../contract/stack.js'
import type {StartOutcome, StopOutcome} from '../contract/status.js'
import type {Topology} from '../contract/registry.js'
import type {Mask} from '../health/probe.js'
import type {StackSummary} from '../protocol/methods.js'
import type {EventBody} from '../protocol/notifications.js'
import type {AnsweredCheck, HostExec} from '../service/attempt-watch.js'
import {toJson} from '../service/record.js'
import type {Change, Store} from '../store/store.js'
import {stackNetworks, topologyOf} from '../registry/topology.js'
import {executorPlaces} from './executor-places.js'
import {forgetStack, runsUnknown, stackInUse} from './forget-stack.js'
import {invalidStack} from './invalid-stack.js'
import {leaseAddresses} from './lease-addresses.js'
import {nothingStarted} from './outcome.js'
import {Stack, type Listeners, type StartOptions} from './stack.js'
import {lostStacks, runningIn} from './lost-stacks.js'
import {machineFacts} from './surroundings.js'
import {StackCopies, stackId} from './stack-copies.js'
import {newSavedStack, type SavedStack} from './stack-model.js'

export interface StacksOptions {
  readonly catalogue: Catalogue
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly runsDirectory: string
  readonly hostExec: HostExec
  /** Takes secrets out of what checks say. @default leaves them */
  readonly mask?: Mask
  readonly onEvent: (event: EventBody) => void
  /** Hears every answer of the checks of all services. */
  readonly onAnswered?: (check: AnsweredCheck) => void
}

const stackPrefix = 'stack/'
/** Of a stack whose file has another name now: the id of the stack that took its place. */
const renamedKey = (id: string): string => `renamed/${id}`

/** All stacks of one daemon. A stack is its name and the path of its file: two folders with one name do not collide. */
export class Stacks {
  private readonly stacks = new Map<string, Stack>()
  private readonly toldNetworks = new Map<string, string>()
  private readonly places = new Semaphore(4 * availableParallelism())
  /** What is to be remembered is made of what is: nothing may change between the two. What then starts and stops does so outside. */
  private readonly changes = new SerialQueue()

  private readonly copies: StackCopies

  constructor(private readonly options: StacksOptions) {
    this.copies = new StackCopies(options.runsDirectory)
  }

  all(): readonly Stack[] {
    return [...this.stacks.values()]
  }

  /** Each in one line. */
  summaries(): readonly StackSummary[] {
    return this.all().map((stack) => {
      const renamedTo = this.renamedTo(stack)
      return {...stack.summary(), ...(renamedTo !== undefined && {renamedTo})}
    })
  }

  /** The name of a stack, or of a service or task of one. */
  isName(text: string): boolean {
    return this.all().some(({definition, names}) => definition.name === text || names.includes(text))
  }

  /** Something is, or is to be, up in any of them. */
  get isActive(): boolean {
    return this.all().some((stack) => stack.isActive)
  }

  /** All networks and machines, and who is where. Executors are asked; one that does not answer is a problem in it. */
  async topology(signal: AbortSignal): Promise<Topology> {
    const executors = await executorPlaces(this.options.catalogue, signal)
    return topologyOf(
      machineFacts().hostname,
      this.all().map((stack) => stack.place),
      executors,
    )
  }

  /** Checks a definition and makes it known; throws CONFIG_INVALID with all `diagnostics`. Changes nothing that runs. */
  async load(definition: StackDefinition): Promise<Stack> {
    this.check(definition)
    return this.changes.run(() => this.takeOver(definition))
  }

  private async takeOver(definition: StackDefinition): Promise<Stack> {
    const {onEvent} = this.options
    const id = stackId(definition)
    const known = this.stacks.get(id)
    const saved = known?.savedAfter(definition) ?? newSavedStack(definition, this.options.catalogue)
    const changes = [{key: stackPrefix + id, value: toJson(saved)}, ...this.leases(id, definition)]
    await this.replace(this.formerOf(id, definition.file), id, changes)
    if (known) known.redefine(saved)
    const stack = known ?? this.add(id, saved)
    await this.keepCopy(stack.id, saved)
    await stack.adopt()
    onEvent({topic: 'stack.loaded', stack: id, name: definition.name})
    stack.announce()
    this.tellNetworks(stack)
    return stack
  }

  /** Removes all that is remembered of a stack, its logs and histories too. STACK_IN_USE while something of it runs, or is to. */
  async forget(stack: Stack): Promise<void> {
    const forgotten = await this.changes.run(async () => {
      const {store, onEvent} = this.options
      const forgetting = stack.isActive ? undefined : forgetStack(stack.id, this.options)
      if (!forgetting) throw stackInUse(stack.status([]))
      const running = await runningIn(stack.id, this.copies, {...this.options, isKnown: () => false})
      if (running.length > 0) throw runsUnknown(stack.definition.name, running)
      const renamed = store.entries(renamedKey('')).filter(([, successor]) => successor === stack.id)
      const keys = [renamedKey(stack.id), ...renamed.map(([key]) => key)]
      await store.commit([...forgetting.changes, ...keys.map((key) => ({key, value: undefined}))])
      await this.drop(stack)
      onEvent({topic: 'stack.forgotten', stack: stack.id, name: stack.definition.name})
      return forgetting
    })
    await forgotten.clean()
  }

  private leases(id: string, definition: StackDefinition): readonly Change[] {
    const others = this.all().filter((stack) => stack.id !== id)
    return leaseAddresses(id, definition, {
      store: this.options.store,
      others: others.map((stack) => ({
        ...{id: stack.id, isActive: stack.isActive, networks: Object.values(stack.definition.networks ?? {})},
      })),
    })
  }

  /** Tells of the networks of a stack, where they are not what they were. */
  private tellNetworks(stack: Stack): void {
    const {networks: defined = {}} = stack.definition
    if (Object.keys(defined).length === 0 && !this.toldNetworks.has(stack.id)) return
    const networks = stackNetworks(stack.place)
    const now = JSON.stringify(networks)
    const before = this.toldNetworks.get(stack.id) ?? '[]'
    this.toldNetworks.set(stack.id, now)
    if (now !== before) this.options.onEvent({topic: 'network.topology', stack: stack.id, networks})
  }

  /** Sets how many replicas of a service there are: stops those with the highest numbers, starts what is missing. */
  async scale(
    stack: Stack,
    wish: {readonly service: string; readonly replicas: number},
    options: Listeners & Pick<StartOptions, 'env'>,
  ): Promise<StartOutcome & Pick<StopOutcome, 'stopped'>> {
    const {surplus, after} = await this.changes.run(() => this.rescale(stack, wish))
    const stopped = surplus.length === 0 ? [] : (await stack.stop({services: surplus, dependents: 'leave'})).stopped
    const outcome =
      after.length === 0 ? nothingStarted(stack) : await stack.start({services: after, restart: false, ...options})
    return {...outcome, stopped}
  }

  /** Answers which replicas are too many, and which there are to be. */
  private async rescale(
    stack: Stack,
    wish: {readonly service: string; readonly replicas: number},
  ): Promise<{readonly surplus: readonly string[]; readonly after: readonly string[]}> {
    const {service, replicas} = wish
    const saved = stack.savedScaled(service, replicas)
    if (replicas > 0) this.check(withReplicas(saved.definition, wish))
    await this.options.store.commit([{key: stackPrefix + stack.id, value: toJson(saved)}])
    const before = stack.resolve([service])
    stack.redefine(saved)
    await this.keepCopy(stack.id, saved)
    await stack.adopt()
    stack.announce()
    const after = replicas === 0 ? [] : stack.resolve([service])
    return {surplus: stack.orphans.filter((name) => before.includes(name) && !after.includes(name)), after}
  }

  /**
   * By id, by name where that is unique, or by the absolute path of the file: that is the stack which the file was loaded as last.
   * STACK_UNKNOWN, STACK_AMBIGUOUS.
   */
  find(reference: string): Stack {
    const exact = this.stacks.get(reference)
    if (exact) return exact
    const isPath = path.isAbsolute(reference)
    const matching = this.all().filter(({definition}) => (isPath ? definition.file : definition.name) === reference)
    const current = isPath ? matching.filter((stack) => this.renamedTo(stack) === undefined) : matching
    const found = current.length > 0 ? current : matching
    const [first, second, ...others] = found
    if (first && second) throw ambiguous(reference, [first, second, ...others], isPath)
    if (!first) throw new HarnessError('STACK_UNKNOWN', {subject: reference})
    return first
  }

  /** Brings every stack of an earlier daemon back. Resolves when all that runs is found again. */
  async recover(): Promise<void> {
    const {store, log} = this.options
    for (const [key, saved] of store.entries(stackPrefix)) {
      try {
        this.add(key.slice(stackPrefix.length), saved as unknown as SavedStack).announce()
      } catch (error) {
        log.error('a stack could not be brought back', {stack: key, error: messageOf(error)})
      }
    }
    await this.bringBack()
    await Promise.all(this.all().map((stack) => stack.recover()))
    for (const stack of this.all()) {
      const renamedTo = this.renamedTo(stack)
      if (renamedTo !== undefined) await this.changes.run(() => this.replace([stack], renamedTo, []))
    }
  }

  /** Stacks of which services run that the journal says nothing of: the part that did is lost, of all of a stack or of its last change. */
  private async bringBack(): Promise<void> {
    const {store, log} = this.options
    const isKnown = (id: string, name: string): boolean => this.stacks.get(id)?.names.includes(name) ?? false
    for (const [id, saved] of await lostStacks(this.copies, isKnown, this.options)) {
      try {
        const known = this.stacks.get(id)
        const stack = known ?? this.add(id, saved)
        await store.commit([{key: stackPrefix + id, value: toJson(saved)}])
        known?.redefine(saved)
        stack.announce()
        log.error('a stack runs whose record was lost; it is taken over', {stack: id})
      } catch (error) {
        log.error('a stack whose record was lost could not be brought back', {stack: id, error: messageOf(error)})
      }
    }
  }

  /** It is needed only when the journal is lost: without it the stack is loaded all the same. */
  private async keepCopy(id: string, saved: SavedStack): Promise<void> {
    try {
      await this.copies.keep(id, saved)
    } catch (error) {
      this.options.log.warn('no copy of a stack could be kept', {stack: id, error: messageOf(error)})
    }
  }

  /** Lets go of everything; what runs goes on. */
  async close(): Promise<void> {
    await this.changes.idle()
    await Promise.all(this.all().map((stack) => stack.close()))
  }

  /** A file that has another name now is another stack. What rests of the former ones is forgotten, what runs is kept until it is stopped. */
  private async replace(former: readonly Stack[], id: string, changes: readonly Change[]): Promise<void> {
    const {store} = this.options
    const plans = former.map((stack) => ({
      stack,
      forgetting: stack.isActive ? undefined : forgetStack(stack.id, this.options),
    }))
    await store.commit([
      ...changes,
      {key: renamedKey(id), value: undefined},
      ...plans.flatMap(({stack, forgetting}) => [
        {key: renamedKey(stack.id), value: forgetting ? undefined : id},
        ...(forgetting?.changes ?? []),
      ]),
    ])
    for (const {stack, forgetting} of plans) {
      if (!forgetting) continue
      await this.drop(stack)
      void forgetting.clean()
    }
  }

  private async drop(stack: Stack): Promise<void> {
    this.stacks.delete(stack.id)
    stack.announce(true)
    if (this.toldNetworks.delete(stack.id))
      this.options.onEvent({topic: 'network.topology', stack: stack.id, networks: []})
    await stack.close()
  }

  /** Standard input is no file that could be renamed: whatever comes through it is a stack of its own. */
  private formerOf(id: string, file: string): readonly Stack[] {
    if (path.basename(file) === standardInput) return []
    return this.all().filter((stack) => stack.id !== id && stack.definition.file === file)
  }

  /** CONFIG_INVALID with all `diagnostics` when the definition has errors. */
  private check(definition: StackDefinition): void {
    const diagnostics = checkStack(definition, this.options.catalogue)
    if (diagnostics.some(({severity}) => severity === 'error')) throw invalidStack(definition.file, diagnostics)
  }

  private renamedTo({id}: Stack): string | undefined {
    const successor = this.options.store.get(renamedKey(id))
    return typeof successor === 'string' ? successor : undefined
  }

  private add(id: string, saved: SavedStack): Stack {
    const {onEvent} = this.options
    const stack: Stack = new Stack({
      ...this.options,
      saved,
      id,
      places: this.places,
      onServiceMove: ({service, from, to, event}) => {
        const [status] = stack.status([service]).services
        if (status) onEvent({topic: 'service.state', stack: id, service, from, to, event, status})
      },
      onTaskMove: (task, status) => {
        onEvent({topic: 'task.state', stack: id, task, status})
      },
      onTaskEvent: (task, event) => {
        onEvent({topic: 'task.event', stack: id, task, event})
      },
    })
    this.stacks.set(id, stack)
    return stack
  }
}

/** Names each of them, what runs of it, and what to type for it. */
function ambiguous(subject: string, stacks: readonly Stack[], isPath: boolean): HarnessError {
  const summaries = stacks.map((stack) => stack.summary())
  const places = summaries.map(({stack, file, running}) => `${stack} (${file}, ${running} running)`)
  return new HarnessError('STACK_AMBIGUOUS', {
    subject,
    reason: `there are ${places.join(' and ')}`,
    hint: `Name one by its id, --stack ${summaries[0]?.stack ?? ''}${isPath ? '' : ', or by its file with -c FILE'}. \`harness ls\` shows all.`,
    details: summaries.map(({stack, name, file}) => ({stack, name, file})),
  })
}

function withReplicas(
  definition: StackDefinition,
  {service, replicas}: {readonly service: string; readonly replicas: number},
): StackDefinition {
  const found = definition.services[service]
  return found ? {...definition, services: {...definition.services, [service]: {...found, replicas}}} : definition
}

import path from 'node:path'
import {availableParallelism} from 'node:os'
import type {Clock} from '../base/clock.js'
import {HarnessError, messageOf} from '../base/errors.js'
import {shortHash} from '../base/ids.js'
import type {Log} from '../base/log.js'
import {Semaphore} from '../base/semaphore.js'
import {checkStack} from '../config/check-stack.js'
import type {Catalogue} from '../contract/catalogue.js'
import type {StackDefinition} from '../contract/stack.js'
import type {EventBody} from '../protocol/notifications.js'
import type {HostExec} from '../service/attempt-watch.js'
import {toJson} from '../service/record.js'
import type {Store} from '../store/store.js'
import {Stack} from './stack.js'

export interface StacksOptions {
  readonly catalogue: Catalogue
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly runsDirectory: string
  readonly hostExec: HostExec
  readonly onEvent: (event: EventBody) => void
}

const stackPrefix = 'stack/'

/** All stacks of one daemon. A stack is its name and the path of its file: two folders with one name do not collide. */
export class Stacks {
  private readonly stacks = new Map<string, Stack>()
  private readonly places = new Semaphore(4 * availableParallelism())

  constructor(private readonly options: StacksOptions) {}

  all(): readonly Stack[] {
    return [...this.stacks.values()]
  }

  /** Something is, or is to be, up in any of them. */
  get isActive(): boolean {
    return this.all().some((stack) => stack.isActive)
  }

  /** Checks a definition and makes it known; throws CONFIG_INVALID with all `diagnostics`. Changes nothing that runs. */
  async load(definition: StackDefinition): Promise<Stack> {
    const {catalogue, store, onEvent} = this.options
    const diagnostics = checkStack(definition, catalogue)
    const errors = diagnostics.filter(({severity}) => severity === 'error')
    if (errors.length > 0) {
      const reason = errors.map(({message}) => message.replace(/\.$/, '')).join('; ')
      throw new HarnessError('CONFIG_INVALID', {
        subject: definition.file,
        reason,
        details: {diagnostics: toJson(diagnostics)},
      })
    }
    const id = `${definition.name}-${shortHash(definition.file)}`
    await store.commit([{key: stackPrefix + id, value: toJson(definition)}])
    const known = this.stacks.get(id)
    if (known) known.redefine(definition)
    const stack = known ?? this.add(id, definition)
    onEvent({topic: 'stack.loaded', stack: id, name: definition.name})
    return stack
  }

  /** By id, by name where that is unique, or by the absolute path of the file. STACK_UNKNOWN, STACK_AMBIGUOUS. */
  find(reference: string): Stack {
    const exact = this.stacks.get(reference)
    if (exact) return exact
    const isPath = path.isAbsolute(reference)
    const found = this.all().filter(({definition}) => (isPath ? definition.file : definition.name) === reference)
    const [first, second] = found
    if (second) {
      const files = found.map(({definition}) => definition.file).join(', ')
      throw new HarnessError('STACK_AMBIGUOUS', {subject: reference, reason: `there are ${files}`})
    }
    if (!first) throw new HarnessError('STACK_UNKNOWN', {subject: reference})
    return first
  }

  /** Brings every stack of an earlier daemon back. Resolves when all that runs is found again. */
  async recover(): Promise<void> {
    const {store, log} = this.options
    for (const [key, definition] of store.entries(stackPrefix)) {
      try {
        this.add(key.slice(stackPrefix.length), definition as unknown as StackDefinition)
      } catch (error) {
        log.error('a stack could not be brought back', {stack: key, error: messageOf(error)})
      }
    }
    await Promise.all(this.all().map((stack) => stack.recover()))
  }

  /** Lets go of everything; what runs goes on. */
  async close(): Promise<void> {
    await Promise.all(this.all().map((stack) => stack.close()))
  }

  private add(id: string, definition: StackDefinition): Stack {
    const {onEvent, ...options} = this.options
    const stack: Stack = new Stack({
      ...options,
      id,
      definition,
      places: this.places,
      onServiceMove: ({service, from, to, event}) => {
        const [status] = stack.status([service]).services
        if (status) onEvent({topic: 'service.state', stack: id, service, from, to, event, status})
      },
      onTaskMove: (task, status) => {
        onEvent({topic: 'task.state', stack: id, task, status})
      },
    })
    this.stacks.set(id, stack)
    return stack
  }
}

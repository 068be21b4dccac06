import type {Clock} from '../base/clock.js'
import type {Log} from '../base/log.js'
import type {Semaphore} from '../base/semaphore.js'
import type {Catalogue} from '../contract/catalogue.js'
import type {StackDefinition} from '../contract/stack.js'
import type {TaskStatus} from '../contract/status.js'
import type {HostExec} from '../service/attempt-watch.js'
import type {ServiceMove} from '../service/move.js'
import type {Store} from '../store/store.js'

/** Services and tasks that are in the stack's file no more and have not come to rest: they can still be seen and stopped. */
export type RemovedParts = Pick<StackDefinition, 'services' | 'tasks'>

/** What a stack is made of and lives on. */
export interface StackOptions {
  readonly id: string
  readonly definition: StackDefinition
  /** What edits took out of the definition while it ran. */
  readonly removed: RemovedParts
  readonly catalogue: Catalogue
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly runsDirectory: string
  readonly hostExec: HostExec
  readonly places: Semaphore
  readonly onServiceMove: (move: ServiceMove) => void
  readonly onTaskMove: (task: string, status: TaskStatus) => void
}

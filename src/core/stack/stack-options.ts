import type {Clock} from '../base/clock.js'
import type {Json} from '../base/json.js'
import type {Log} from '../base/log.js'
import type {Semaphore} from '../base/semaphore.js'
import type {Catalogue} from '../contract/catalogue.js'
import type {TaskStatus} from '../contract/status.js'
import type {Mask} from '../health/probe.js'
import type {EventBody} from '../protocol/notifications.js'
import type {AnsweredCheck, HostExec} from '../service/attempt-watch.js'
import type {ServiceMove} from '../service/move.js'
import type {Store} from '../store/store.js'
import type {SavedStack} from './stack-model.js'

/** What a stack is made of and lives on. */
export interface StackOptions {
  readonly id: string
  readonly saved: SavedStack
  readonly catalogue: Catalogue
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly runsDirectory: string
  readonly hostExec: HostExec
  readonly places: Semaphore
  /** Takes secrets out of what checks say. @default leaves them */
  readonly mask?: Mask | undefined
  /** Hears every answer of the checks of all services. */
  readonly onAnswered?: ((check: AnsweredCheck) => void) | undefined
  /** Hears of services that come, change and go. */
  readonly onEvent: (event: EventBody) => void
  readonly onServiceMove: (move: ServiceMove) => void
  readonly onTaskMove: (task: string, status: TaskStatus) => void
  readonly onTaskEvent: (task: string, event: Json) => void
}

import type {Json} from '../base/json.js'
import type {TaskStatus} from '../contract/status.js'
import type {TaskType} from '../contract/task-type.js'
import type {SupervisorHost} from '../service/supervisor-host.js'

/** What a task needs of the world around it. */
export interface TaskHost extends Omit<SupervisorHost, 'onMove'> {
  /** Throws when no plugin brings it. */
  readonly taskType: (type: string) => TaskType
  readonly onMove: (task: string, status: TaskStatus) => void
  readonly onEvent: (task: string, event: Json) => void
  /** When its schedule runs it next, in milliseconds since the epoch. */
  readonly nextRunAt: (task: string) => number | null
}

/** Who hears what a task says. */
export interface TaskListener {
  readonly onEvent: (event: Json) => void
  /** Resolves when there is room for more, or after a while: nobody holds a task up. */
  readonly room?: () => Promise<void>
}

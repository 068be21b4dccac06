import type {Clock} from '../base/clock.js'
import type {Progress} from '../protocol/notifications.js'
import type {Paint} from './paint.js'

/** Shows a request's progress while it goes on. */
export interface ProgressView {
  update(progress: Progress): void
  /** Says something in between. */
  note(line: string): void
  /** Leaves the last picture standing and gives the terminal back; nothing is shown from now on. Idempotent. */
  close(): Promise<void>
}

export interface ProgressOptions {
  readonly stream: NodeJS.WriteStream
  readonly clock: Clock
  readonly paint: Paint
  /** Whether what stays as it is gets a row: where one asks what runs, not where one takes it away. */
  readonly showKept: boolean
}

import type {Clock} from '../base/clock.js'
import {messageOf} from '../base/errors.js'
import type {Log} from '../base/log.js'
import type {SerialQueue} from '../base/serial-queue.js'
import {mayBeWrittenLater, writeAgainMs} from '../store/write-failed.js'

export interface BackgroundOptions {
  readonly service: string
  readonly queue: SerialQueue
  readonly clock: Clock
  readonly log: Log
}

/** Jobs of a service that nobody waits for. A failure is a bug, or a full disk on which the job is tried again until there is room, and is said loudly. */
export class BackgroundWork implements Disposable {
  private readonly retries = new Set<Disposable>()
  private ended = false

  constructor(private readonly options: BackgroundOptions) {}

  run(job: () => Promise<void>): void {
    this.attempt(job, false)
  }

  /** What has not begun never will. */
  [Symbol.dispose](): void {
    this.ended = true
    for (const retry of this.retries) retry[Symbol.dispose]()
    this.retries.clear()
  }

  /** What is refused again and again is `said` once. */
  private attempt(job: () => Promise<void>, said: boolean): void {
    const {service, queue, log} = this.options
    queue
      .run(() => (this.ended ? Promise.resolve() : job()))
      .catch((error: unknown) => {
        const again = mayBeWrittenLater(error)
        if (!again || !said) log.error('a service could not be moved', {service, error: messageOf(error)})
        if (again) this.retry(job)
      })
  }

  private retry(job: () => Promise<void>): void {
    if (this.ended) return
    const retry = this.options.clock.after(writeAgainMs, () => {
      this.retries.delete(retry)
      this.attempt(job, true)
    })
    this.retries.add(retry)
  }
}

import type {Clock} from '../base/clock.js'
import {isHarnessError, messageOf} from '../base/errors.js'
import type {Log} from '../base/log.js'
import type {SerialQueue} from '../base/serial-queue.js'

/** How soon what the disk refused is written again. */
const retryMs = 1000

export interface BackgroundOptions {
  readonly service: string
  readonly queue: SerialQueue
  readonly clock: Clock
  readonly log: Log
}

/** Jobs of a service that nobody waits for. A failure is a bug, or a full disk on which the job is tried again, and is said loudly. */
export class BackgroundWork implements Disposable {
  private readonly retries = new Set<Disposable>()
  private ended = false

  constructor(private readonly options: BackgroundOptions) {}

  run(job: () => Promise<void>): void {
    const {service, queue, log} = this.options
    queue
      .run(() => (this.ended ? Promise.resolve() : job()))
      .catch((error: unknown) => {
        log.error('a service could not be moved', {service, error: messageOf(error)})
        if (isHarnessError(error) && error.code === 'STATE_WRITE_FAILED') this.retry(job)
      })
  }

  /** What has not begun never will. */
  [Symbol.dispose](): void {
    this.ended = true
    for (const retry of this.retries) retry[Symbol.dispose]()
    this.retries.clear()
  }

  private retry(job: () => Promise<void>): void {
    if (this.ended) return
    const retry = this.options.clock.after(retryMs, () => {
      this.retries.delete(retry)
      this.run(job)
    })
    this.retries.add(retry)
  }
}

import type {Clock} from '../base/clock.js'

/** A change this soon after what the one before it led to was probably caused by that. */
const echoMs = 2000
/** So many echoes in a row are a loop. */
const mostEchoes = 5
/** So are so many changes in this time, however long after one another. */
const mostActions = 10
const windowMs = 60_000

/** Tells when a watch goes round in circles: what follows a change changes the files again. Counts from when it is made. */
export class WatchLoop {
  private echoes = 0
  private begun: readonly number[] = []
  private endedAt = Number.NEGATIVE_INFINITY
  private files = ''

  constructor(private readonly clock: Clock) {}

  /** What follows a change is about to begin. `meanwhile`: the files changed while the one before went on. Answers whether that is a loop. */
  begin(files: readonly string[], meanwhile: boolean): boolean {
    const now = this.clock.monotonic()
    const named = files.join('\n')
    // People go on saving while a long task runs; what the task itself writes is the same each time.
    const echo = meanwhile ? named === this.files : now - this.endedAt < echoMs
    this.echoes = echo ? this.echoes + 1 : 0
    this.files = named
    this.begun = [...this.begun.filter((at) => now - at < windowMs), now]
    return this.echoes >= mostEchoes || this.begun.length > mostActions
  }

  end(): void {
    this.endedAt = this.clock.monotonic()
  }
}

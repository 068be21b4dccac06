import {HarnessError} from '../base/errors.js'
import {failpoint} from '../base/failpoint.js'

interface Answered {
  readonly request: string
  readonly result: Promise<unknown>
  isOver: boolean
}

/** Answers a repeated mutation with the result of the first: the same key does its work once. What failed may be tried again. */
export class Once {
  private readonly answers = new Map<string, Answered>()
  private closed = false

  constructor(private readonly kept = 1000) {}

  /**
   * `key` is the client's own for what it asks; once it is answered it is forgotten when `kept` newer ones have come. `request` is all that it asks: REQUEST_INVALID
   * when that is not the same as before.
   */
  run<T>(key: string, request: string, work: () => Promise<T>): Promise<T> {
    const known = this.answers.get(key)
    if (known) {
      if (known.request !== request) throw reused(key)
      return known.result as Promise<T>
    }
    if (this.closed) throw new HarnessError('DAEMON_UNREACHABLE', {subject: 'harness daemon', reason: 'it is ending'})
    const result = work().finally(() => {
      failpoint('before-ack')
    })
    const answered: Answered = {request, result, isOver: false}
    this.answers.set(key, answered)
    result.then(
      () => {
        answered.isOver = true
      },
      () => this.answers.delete(key),
    )
    if (this.answers.size > this.kept) this.forgetOldest()
    return result
  }

  /** Of those that are answered: who asks again for what is under way must not begin it anew. */
  private forgetOldest(): void {
    for (const [key, {isOver}] of this.answers) {
      if (!isOver) continue
      this.answers.delete(key)
      return
    }
  }

  /** Takes no new work: what is asked for while the daemon ends would be begun by the next one. */
  close(): void {
    this.closed = true
  }
}

function reused(key: string): HarnessError {
  return new HarnessError('REQUEST_INVALID', {
    subject: key,
    reason: 'this requestId came before with other params',
    hint: 'Choose a new requestId for each thing that is to be done, and repeat the same params with the same one.',
  })
}

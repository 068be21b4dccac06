import {HarnessError} from '../base/errors.js'
import {failpoint} from '../base/failpoint.js'

interface Answered {
  readonly request: string
  readonly result: Promise<unknown>
  /** Of the result; `undefined` while it is under way. */
  bytes: number | undefined
}

/** How much is kept for those who ask again. */
interface Kept {
  readonly answers: number
  readonly bytes: number
}

const usuallyKept: Kept = {answers: 1000, bytes: 32 * 1024 * 1024}

/** Answers a repeated mutation with the result of the first: the same key does its work once. What failed may be tried again. */
export class Once {
  private readonly answers = new Map<string, Answered>()
  private bytes = 0
  private closed = false

  constructor(private readonly kept = usuallyKept) {}

  /**
   * `key` is the client's own for what it asks; once it is answered it is forgotten when newer ones need its room. `request` is all that it asks:
   * REQUEST_INVALID when that is not the same as before.
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
    const answered: Answered = {request, result, bytes: undefined}
    this.answers.set(key, answered)
    result.then(
      (value) => {
        answered.bytes = sizeOf(value)
        this.bytes += answered.bytes
        this.makeRoom(key)
      },
      () => this.answers.delete(key),
    )
    this.makeRoom(key)
    return result
  }

  /** The newest stays in any case. */
  private makeRoom(newest: string): void {
    for (const key of this.answers.keys()) {
      if (this.answers.size <= this.kept.answers && this.bytes <= this.kept.bytes) return
      if (key !== newest) this.forget(key)
    }
  }

  /** One that is answered: who asks again for what is under way must not begin it anew. */
  private forget(key: string): void {
    const bytes = this.answers.get(key)?.bytes
    if (bytes === undefined) return
    this.bytes -= bytes
    this.answers.delete(key)
  }

  /** Takes no new work: what is asked for while the daemon ends would be begun by the next one. */
  close(): void {
    this.closed = true
  }
}

function sizeOf(value: unknown): number {
  return (JSON.stringify(value) as string | undefined)?.length ?? 0
}

function reused(key: string): HarnessError {
  return new HarnessError('REQUEST_INVALID', {
    subject: key,
    reason: 'this requestId came before with other params',
    hint: 'Choose a new requestId for each thing that is to be done, and repeat the same params with the same one.',
  })
}

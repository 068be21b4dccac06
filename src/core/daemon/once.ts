import {HarnessError} from '../base/errors.js'
import {failpoint} from '../base/failpoint.js'

/** Answers a repeated mutation with the result of the first: the same key does its work once. What failed may be tried again. */
export class Once {
  private readonly results = new Map<string, Promise<unknown>>()
  private closed = false

  constructor(private readonly kept = 1000) {}

  /** `key` names the method and the client's request id; it is forgotten when `kept` newer ones have come. */
  run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const known = this.results.get(key)
    if (known) return known as Promise<T>
    if (this.closed) throw new HarnessError('DAEMON_UNREACHABLE', {subject: 'harness daemon', reason: 'it is ending'})
    const result = work().finally(() => {
      failpoint('before-ack')
    })
    this.results.set(key, result)
    result.catch(() => this.results.delete(key))
    const [oldest] = this.results.keys()
    if (oldest !== undefined && this.results.size > this.kept) this.results.delete(oldest)
    return result
  }

  /** Takes no new work: what is asked for while the daemon ends would be begun by the next one. */
  close(): void {
    this.closed = true
  }
}

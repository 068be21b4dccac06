import {messageOf} from '../base/errors.js'
import type {WorkloadHandle} from '../contract/workload.js'
import {findWorkload} from './find-workload.js'
import type {AttemptCopies} from './attempt-copies.js'
import type {AttemptRecord} from './record.js'
import type {SupervisorHost} from './supervisor-host.js'

const firstLookAgainMs = 1000
const slowestLookAgainMs = 30_000

/** Finds the workloads of earlier attempts again, also where that takes several tries. */
export class WorkloadFinder {
  private lookAgainMs = firstLookAgainMs

  constructor(
    private readonly host: Pick<SupervisorHost, 'clock' | 'executor' | 'log'>,
    private readonly service: string,
    private readonly copies: AttemptCopies,
  ) {}

  /** `undefined`: it never began. Rejects when that cannot be told now. */
  find({saved}: AttemptRecord): Promise<WorkloadHandle | undefined> {
    return findWorkload(this.host.executor(saved.executor), saved, this.host.clock)
  }

  /**
   * As `find`, and hands what it finds over; or after how many milliseconds to ask again, less and less often, while the executor cannot tell or
   * what was found cannot be taken over.
   */
  async look(
    attempt: AttemptRecord | null,
    takeOver: (handle: WorkloadHandle) => void,
  ): Promise<{readonly handle: WorkloadHandle | undefined} | {readonly againMs: number; readonly trouble: string}> {
    let handle: WorkloadHandle | undefined
    try {
      handle = attempt ? await this.find(attempt) : undefined
      if (handle) takeOver(handle)
      this.lookAgainMs = firstLookAgainMs
      return {handle}
    } catch (error) {
      handle?.release()
      const againMs = this.lookAgainMs
      this.lookAgainMs = Math.min(againMs * 2, slowestLookAgainMs)
      this.host.log.warn('a service cannot be reached', {service: this.service, error: messageOf(error), againMs})
      return {againMs, trouble: `it cannot be reached: ${messageOf(error)}`}
    }
  }

  /** Removes what old attempts left on disk, in its own time. */
  discard(attempts: readonly AttemptRecord[]): void {
    for (const attempt of attempts) {
      this.find(attempt)
        .then((handle) => handle?.destroy())
        .then(() => this.copies.drop(attempt))
        .catch((error: unknown) => {
          const {id} = attempt.saved
          this.host.log.warn('an old attempt could not be removed', {id, error: messageOf(error)})
        })
    }
  }
}

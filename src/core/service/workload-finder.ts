import {messageOf} from '../base/errors.js'
import type {WorkloadHandle} from '../contract/workload.js'
import {findWorkload} from './find-workload.js'
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
  ) {}

  /** `undefined`: it never began. Rejects when that cannot be told now. */
  find({saved}: AttemptRecord): Promise<WorkloadHandle | undefined> {
    return findWorkload(this.host.executor(saved.executor), saved, this.host.clock)
  }

  /** As `find`, or after how many milliseconds to ask again, less and less often, while the executor cannot tell. */
  async look(
    attempt: AttemptRecord | null,
  ): Promise<{readonly handle: WorkloadHandle | undefined} | {readonly againMs: number}> {
    try {
      const handle = attempt ? await this.find(attempt) : undefined
      this.lookAgainMs = firstLookAgainMs
      return {handle}
    } catch (error) {
      const againMs = this.lookAgainMs
      this.lookAgainMs = Math.min(againMs * 2, slowestLookAgainMs)
      this.host.log.warn('a service cannot be reached', {service: this.service, error: messageOf(error), againMs})
      return {againMs}
    }
  }

  /** Removes what old attempts left on disk, in its own time. */
  discard(attempts: readonly AttemptRecord[]): void {
    for (const attempt of attempts) {
      this.find(attempt)
        .then((handle) => handle?.destroy())
        .catch((error: unknown) => {
          const {id} = attempt.saved
          this.host.log.warn('an old attempt could not be removed', {id, error: messageOf(error)})
        })
    }
  }
}

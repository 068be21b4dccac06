import type {Clock} from '../base/clock.js'
import {messageOf} from '../base/errors.js'
import type {Log} from '../base/log.js'
import type {WorkloadHandle} from '../contract/workload.js'
import type {AttemptRecord} from './record.js'

interface Look {
  /** `undefined`: it never began. Rejects when that cannot be told now. */
  readonly find: (attempt: AttemptRecord) => Promise<WorkloadHandle | undefined>
  readonly clock: Clock
  readonly log: Log
}

/** The first of these attempts whose workload runs. `untold`: of some before it that could not be told. */
export async function firstRunning(
  attempts: readonly AttemptRecord[],
  {find, clock, log}: Look,
): Promise<{readonly running: AttemptRecord | undefined; readonly untold: boolean}> {
  let untold = false
  for (const attempt of attempts) {
    try {
      const handle = await find(attempt)
      const running = handle !== undefined && (await runs(handle, clock))
      handle?.release()
      if (running) return {running: attempt, untold}
    } catch (error) {
      untold = true
      log.warn('what became of an attempt cannot be told', {id: attempt.saved.id, error: messageOf(error)})
    }
  }
  return {running: undefined, untold}
}

const endedSaysSoMs = 500

/** Where that cannot be told at once: one that has ended says so soon. */
async function runs(handle: WorkloadHandle, clock: Clock): Promise<boolean> {
  if (handle.isAlive) return handle.isAlive()
  const over = new AbortController()
  const ended = handle.wait(over.signal).then(
    () => false,
    () => true,
  )
  const silence = clock.sleep(endedSaysSoMs, over.signal).then(
    () => true,
    () => true,
  )
  const answer = await Promise.race([ended, silence])
  over.abort()
  return answer
}

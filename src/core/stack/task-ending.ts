import {messageOf} from '../base/errors.js'
import type {WorkloadHandle} from '../contract/workload.js'
import {findWorkload} from '../service/find-workload.js'
import type {AttemptRecord} from '../service/record.js'
import type {TaskHost} from './task-host.js'

export interface TaskGrace {
  readonly graceMs: number
  /** The grace is over at once when this aborts. */
  readonly hurry: AbortSignal
}

/** Ends what a task started. Resolves when nothing of it is left. */
export async function endHandle(handle: WorkloadHandle, {graceMs, hurry}: TaskGrace): Promise<void> {
  const over = new AbortController()
  const forced = new Promise<void>((resolve, reject) => {
    const force = (): void => {
      handle.stop({graceMs: 0}).then(() => {
        resolve()
      }, reject)
    }
    hurry.addEventListener('abort', force, {once: true, signal: over.signal})
  })
  try {
    await Promise.race([handle.stop({graceMs: hurry.aborted ? 0 : graceMs}), forced])
  } finally {
    over.abort()
  }
}

/** Ends what an earlier daemon started and nobody has taken up, where there is anything. */
export async function endAttempt({saved}: AttemptRecord, host: TaskHost, grace: TaskGrace): Promise<void> {
  const handle = await findWorkload(host.executor(saved.executor), saved, host.clock)
  if (!handle) return
  try {
    await endHandle(handle, grace)
  } finally {
    handle.release()
  }
}

/** Why a task failed, when what it started is still there besides. */
export function withLeftover(reason: string, error: unknown): string {
  const why = messageOf(error).replace(/\.$/, '')
  const left = `its workload could not be ended: ${why}`
  return reason === why ? left : `${reason}; ${left}`
}

import type {SavedHandle, WorkloadHandle} from '../../contract/workload.js'
import type {ProcessHost} from '../../process/host.js'
import {attachHandle} from './handle.js'
import type {AttachState} from './state.js'

/** The same process, running or gone; `undefined` when it was never attached. */
export function recoverAttached(
  {id, state}: SavedHandle<AttachState>,
  host: ProcessHost,
): WorkloadHandle<AttachState> | undefined {
  return state.process ? attachHandle(id, state.process, host) : undefined
}

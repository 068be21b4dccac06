import type {SavedHandle} from '../../contract/workload.js'
import type {ProcessIdentity} from '../../process/identity.js'

/** Before it is attached nothing is known; attaching changes nothing, so that there is nothing to find again either. */
export type AttachState = {
  readonly process: {readonly boot: string; readonly pid: number; readonly startTick: number} | null
}

export const attachKind = 'process-attach'
export const attachHandleVersion = 1

export function saved(id: string, identity: ProcessIdentity | null): SavedHandle<AttachState> {
  const process = identity && {boot: identity.boot, pid: identity.pid, startTick: identity.startTick}
  return {executor: attachKind, version: attachHandleVersion, id, state: {process}}
}

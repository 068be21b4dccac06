import type {ServiceView} from './conditions.js'
import {isLive, type ServiceRecord} from './record.js'

/** What others may know of a service, from its record, whether a workload of it is there, and whether it has a health check. */
export function serviceView(
  record: ServiceRecord,
  {hasWorkload, isChecked}: {readonly hasWorkload: boolean; readonly isChecked: boolean},
): ServiceView {
  const {state, readyAt, exit, overdue, reason, blockedBy, desired, failure} = record
  const gaveUp = failure?.code === 'SERVICE_START_TIMEOUT'
  const ended = exit !== null && ((state === 'Failed' && !gaveUp) || (state === 'Stopped' && reason !== null))
  return {
    kind: 'service',
    state,
    ended,
    endedWell: ended && state === 'Stopped',
    wasReady: !isChecked || readyAt !== null,
    launched: isLive(state) && hasWorkload,
    overdue,
    fellBack: isLive(state) && Boolean(record.fallback),
    reason,
    blockedBy: desired === 'up' ? null : blockedBy,
  }
}

import type {ServiceView, Verdict} from './conditions.js'
import {isLive, type ServiceRecord} from './record.js'
import type {Sight} from './workload-check.js'

/** What others may know of a service, from its record, what has been seen of its workload, and whether it has a health check. */
export function serviceView(
  record: ServiceRecord,
  {sight, isChecked}: {readonly sight: Pick<Sight, 'handle' | 'trouble'>; readonly isChecked: boolean},
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
    launched: isLive(state) && sight.handle !== undefined,
    overdue,
    fellBack: isLive(state) && Boolean(record.fallback),
    reason,
    blockedBy: desired === 'up' ? null : blockedBy,
    inSight: inSight(sight),
  }
}

/** A daemon that has just begun has to look for it first. */
function inSight({handle, trouble}: Pick<Sight, 'handle' | 'trouble'>): Verdict {
  if (handle?.reachability?.current === 'unknown') return {is: 'never', reason: 'cannot be reached now'}
  if (handle) return {is: 'holds'}
  return trouble === null ? {is: 'pending'} : {is: 'never', reason: trouble.replace(/^it /, '')}
}

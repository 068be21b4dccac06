import {isoTime} from '../base/clock.js'
import type {Verification} from '../contract/registry.js'
import type {WorkloadHandle} from '../contract/workload.js'
import {isLive, mayRemain, type ServiceRecord} from './record.js'

/** What this daemon has seen of a service's workload. Times in milliseconds since the epoch. */
export interface Sight {
  /** The workload that is watched. */
  readonly handle: Pick<WorkloadHandle, 'isAlive' | 'reachability'> | undefined
  /** When it was last seen; `null` for one that was found again and has not said yet whether it goes on. */
  readonly seenAt: number | null
  /** The record is about something that this daemon has begun or ended itself. */
  readonly own: boolean
  /** Why the workload of an earlier daemon could not be looked for. */
  readonly trouble: string | null
}

export interface WorkloadCheck extends Verification {
  /** `null`: not known. */
  readonly alive: boolean | null
}

/** Whether the workload of a service is there, and how that is known. A record alone proves no life: it may be of an earlier daemon. */
export function workloadCheck(record: ServiceRecord, sight: Sight, now: number): WorkloadCheck {
  if (sight.handle) return watched(sight.handle, sight.seenAt, now)
  if (mayRemain(record)) return unknown(`its stop failed, and something of it may be there: ${record.reason ?? ''}`)
  if (isOver(record)) return over(record)
  if (sight.own) return seen(false, record.since, transition(record))
  return unknown(sight.trouble === null ? 'it has not been looked for since the daemon began' : sight.trouble)
}

function watched(handle: NonNullable<Sight['handle']>, seenAt: number | null, now: number): WorkloadCheck {
  if (handle.reachability?.current === 'unknown') return unknown('what it runs in does not answer')
  const alive = handle.isAlive?.()
  if (alive === false) return seen(false, now, 'its program has ended, and what it left is being ended')
  if (alive === true) return seen(true, now, 'its program is there')
  return seenAt === null
    ? unknown('it was found, and has not said yet whether it goes on')
    : seen(true, seenAt, 'it is watched')
}

/** Nothing of it is there: that was seen before it was written down. */
function isOver({state, exit}: ServiceRecord): boolean {
  return state === 'Restarting' ? exit !== null : !isLive(state) && state !== 'Stopping'
}

function over({state, exit, since}: ServiceRecord): WorkloadCheck {
  if (state === 'NotStarted') return seen(false, since, 'it has never been started')
  const reason = state === 'Restarting' ? 'it has ended, and is started again' : 'it has ended'
  return {...seen(false, since, reason), checkedAt: exit?.at ?? isoTime(since)}
}

function transition({state}: ServiceRecord): string {
  if (state === 'Starting') return 'it is being started'
  return state === 'Stopping' ? 'it is being stopped' : 'it is being restarted'
}

function seen(alive: boolean, at: number, reason: string): WorkloadCheck {
  return {alive, verified: true, checkedAt: isoTime(at), reason}
}

function unknown(reason: string): WorkloadCheck {
  return {alive: null, verified: false, checkedAt: null, reason}
}

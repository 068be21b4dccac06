import {isoTime} from '../base/clock.js'
import type {ServiceStatus} from '../contract/status.js'
import type {WorkloadHandle, WorkloadPlace} from '../contract/workload.js'
import {endpointUrl} from './ports.js'
import {isLive, mayRemain, type ServiceRecord} from './record.js'

export interface StatusSource {
  readonly name: string
  readonly record: ServiceRecord
  readonly handle: WorkloadHandle | undefined
  readonly health: ServiceStatus['health']
  readonly waitsFor: readonly string[]
  /** What its executor says while it prepares the start. */
  readonly note: string | null
  /** In the stack file no more. */
  readonly orphan: boolean
  readonly uptimeMs: number | undefined
}

/** The record and what is known of the workload, in the form of the wire. */
export function serviceStatus({
  name,
  record,
  handle,
  health,
  waitsFor,
  note,
  orphan,
  uptimeMs,
}: StatusSource): ServiceStatus {
  const live = isLive(record.state)
  return {
    name,
    state: record.state,
    health: live ? health : null,
    desired: record.desired,
    attempt: record.attempt,
    restarts: record.restartCount,
    ...placeOf(handle?.place ?? {}),
    endpoints: live ? endpointsOf(record, handle) : [],
    since: isoTime(record.since),
    uptimeMs: live ? (uptimeMs ?? null) : null,
    exit: record.exit,
    reason: why(record, note),
    blockedBy: record.blockedBy,
    waitsFor,
    overdue: record.overdue,
    backoffUntil: record.backoffUntil === null ? null : isoTime(record.backoffUntil),
    outputs: record.outputs,
    orphan,
    reachability: mayRemain(record) || (live && isUnknown(record, handle)) ? 'unknown' : 'known',
  }
}

function why({reason, state, fallback}: ServiceRecord, note: string | null): string | null {
  return reason ?? note ?? (isLive(state) ? (fallback?.reason ?? null) : null)
}

function isUnknown({state}: ServiceRecord, handle: WorkloadHandle | undefined): boolean {
  return handle ? handle.reachability?.current === 'unknown' : state !== 'Starting'
}

function placeOf(place: WorkloadPlace): Pick<ServiceStatus, 'container' | 'host' | 'pid'> {
  return {pid: place.pid ?? null, container: place.container ?? null, host: place.host ?? null}
}

function endpointsOf(record: ServiceRecord, handle: WorkloadHandle | undefined): ServiceStatus['endpoints'] {
  const all = [...(record.current?.endpoints ?? []), ...(handle?.endpoints ?? [])]
  return all.map((endpoint) => ({...endpoint, url: endpointUrl(endpoint)}))
}

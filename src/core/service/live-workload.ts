import {HarnessError} from '../base/errors.js'
import type {WorkloadHandle} from '../contract/workload.js'
import {isUp} from './record.js'
import type {ServiceSupervisor} from './supervisor.js'

/** What of a service runs now; SERVICE_NOT_RUNNING, with its state, when nothing does. */
export function liveWorkload(service: ServiceSupervisor): WorkloadHandle {
  const {handle, name, record} = service
  if (handle) return handle
  const reason = record.state === 'NotStarted' ? 'it was never started' : `it is ${record.state}${why(record.reason)}`
  const hint = isUp(record) ? `Wait until it runs: see \`harness status ${name}\`.` : undefined
  throw new HarnessError('SERVICE_NOT_RUNNING', {subject: name, reason, ...(hint !== undefined && {hint})})
}

function why(reason: string | null): string {
  return reason === null ? '' : ` (${reason})`
}

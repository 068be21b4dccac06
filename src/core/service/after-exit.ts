import {isHarnessError, messageOf} from '../base/errors.js'
import type {ExitStatus} from '../contract/command.js'
import {decideAfterExit} from './exit-decision.js'
import {exitReport} from './exit-report.js'
import type {LifecycleEvent} from './lifecycle.js'
import type {ServiceRecord} from './record.js'
import type {CompleteService} from './defaults.js'

export interface AfterExit {
  readonly event: LifecycleEvent
  readonly fields: Partial<ServiceRecord>
  /** When to start it again, in milliseconds since the epoch. */
  readonly relaunchAt?: number
}

/** Pure: where a service goes when its workload has ended by itself. */
export function afterExit(
  record: ServiceRecord,
  definition: Pick<CompleteService, 'restart' | 'successExitCodes'>,
  status: ExitStatus,
  now: number,
): AfterExit {
  const exit = exitReport(status, now)
  if (status.by === 'code' && status.startFailure !== undefined) {
    const failure = {code: 'SERVICE_START_FAILED', hint: null} as const
    return {event: 'exitedFinal', fields: {desired: 'down', exit, reason: status.startFailure, failure}}
  }
  if (status.by === 'lost' && status.rebooted && record.desired === 'up') {
    const fields = {exit, reason: 'the machine was started anew', backoffUntil: now}
    return {event: 'exitedRetry', fields, relaunchAt: now}
  }
  const decision = decideAfterExit({
    status,
    policy: definition.restart,
    successExitCodes: definition.successExitCodes,
    restarts: record.restarts,
    runningMs: record.readyAt === null ? 0 : now - record.readyAt,
    now,
  })
  const {reason} = decision
  switch (decision.kind) {
    case 'done':
      return {event: 'exitedDone', fields: {desired: 'down', exit, reason}}
    case 'failed': {
      const failure = {code: 'SERVICE_EXITED', hint: null} as const
      return {event: 'exitedFinal', fields: {desired: 'down', exit, reason, failure}}
    }
    case 'retry': {
      const backoffUntil = now + decision.delayMs
      const restartCount = record.restartCount + 1
      const fields = {exit, reason, backoffUntil, restarts: decision.restarts, restartCount}
      return {event: 'exitedRetry', fields, relaunchAt: backoffUntil}
    }
  }
}

/** The fields of a record whose service could not be started. */
export function startFailure(error: unknown): Partial<ServiceRecord> {
  const known = isHarnessError(error)
  const failure = known ? {code: error.code, hint: error.hint} : ({code: 'SERVICE_START_FAILED', hint: null} as const)
  const text = known && error.code === 'SERVICE_START_FAILED' ? (error.reason ?? error.message) : messageOf(error)
  return {desired: 'down', reason: text.replace(/\.$/, ''), failure}
}

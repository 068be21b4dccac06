import {steadyNow, type Clock} from '../base/clock.js'
import {isHarnessError, messageOf} from '../base/errors.js'
import {isJsonObject} from '../base/json.js'
import type {ExitStatus} from '../contract/command.js'
import {decideAfterExit, spendRestart} from './exit-decision.js'
import {exitReport} from './exit-report.js'
import type {ServiceState} from '../contract/service-state.js'
import type {LifecycleEvent} from './lifecycle.js'
import type {ServiceRecord} from './record.js'
import type {CompleteService} from './defaults.js'

export interface AfterExit {
  readonly event: LifecycleEvent
  readonly fields: Partial<ServiceRecord>
  /** When to start it again, by the steady clock. */
  readonly relaunchAt?: number
}

/** Nothing more is expected of it. */
const over = {desired: 'down', overdue: false} as const

const inSetup: ReadonlySet<ServiceState> = new Set(['SettingUp', 'SetupComplete', 'SetupRequired'])

/** Pure: where a service goes when its workload has ended by itself. */
export function afterExit(
  record: ServiceRecord,
  definition: Pick<CompleteService, 'restart' | 'successExitCodes' | 'successSignals'>,
  status: ExitStatus,
  now: number,
): AfterExit {
  const exit = exitReport(status, now)
  if (status.by === 'code' && status.startFailure !== undefined) {
    const failure = {code: 'SERVICE_START_FAILED', hint: null} as const
    return {event: 'exitedFinal', fields: {...over, exit, reason: status.startFailure, failure}}
  }
  if (status.by === 'lost' && status.rebooted && record.desired === 'up') {
    const fields = {exit, reason: 'the machine was started anew', backoffUntil: now}
    return {event: 'exitedRetry', fields, relaunchAt: now}
  }
  const decision = decideAfterExit({
    status,
    policy: definition.restart,
    successExitCodes: definition.successExitCodes,
    successSignals: definition.successSignals,
    restarts: record.restarts,
    runningMs: readyMs(record, now),
    now,
  })
  const {reason} = decision
  switch (decision.kind) {
    case 'done': {
      if (!inSetup.has(record.state)) return {event: 'exitedDone', fields: {...over, exit, reason, failure: null}}
      const failure = {code: 'SERVICE_EXITED', hint: null} as const
      return {
        event: 'exitedFinal',
        fields: {...over, exit, failure, reason: `it ended before it was set up (${reason})`},
      }
    }
    case 'failed': {
      const failure = {code: 'SERVICE_EXITED', hint: null} as const
      return {event: 'exitedFinal', fields: {...over, exit, reason, failure}}
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

/** Pure: where a service goes that its liveness check has given up. The restart policy's budget counts, also under `restart: no`. */
export function afterLivenessFailure(
  record: ServiceRecord,
  {restart}: Pick<CompleteService, 'restart'>,
  message: string,
  now: number,
): AfterExit {
  const how = `liveness check: ${message}`
  const decision = spendRestart({
    policy: restart,
    restarts: record.restarts,
    runningMs: readyMs(record, now),
    now,
    how,
  })
  const {reason} = decision
  if (decision.kind === 'failed') {
    const failure = {code: 'SERVICE_EXITED', hint: null} as const
    return {event: 'exitedFinal', fields: {desired: 'down', reason, failure}}
  }
  const backoffUntil = now + decision.delayMs
  const restartCount = record.restartCount + 1
  const fields = {reason, backoffUntil, restarts: decision.restarts, restartCount}
  return {event: 'restart', fields, relaunchAt: backoffUntil}
}

/** When it is started again as people read it: the steady clock may be another than that on the wall by now. */
export function shownBackOff({relaunchAt}: AfterExit, clock: Clock): Pick<ServiceRecord, 'backoffUntil'> | undefined {
  return relaunchAt === undefined ? undefined : {backoffUntil: relaunchAt - steadyNow(clock) + clock.now()}
}

/** How long the attempt has been ready, whatever its health since. */
function readyMs({readyAt}: ServiceRecord, now: number): number {
  return readyAt === null ? 0 : now - readyAt
}

/**
 * Pure: where a service goes that could not be started anew. An address or output that is missing for a moment, because what has it begins anew as
 * well, spends a restart like an exit; anything else will not change by itself.
 */
export function afterFailedRelaunch(
  record: ServiceRecord,
  {restart}: Pick<CompleteService, 'restart'>,
  error: unknown,
  now: number,
): AfterExit {
  const failed = {event: 'exitedFinal', fields: startFailure(error)} as const
  if (!isMissingValue(error) || restart.policy === 'no') return failed
  const how = startFailure(error).reason ?? messageOf(error)
  const decision = spendRestart({policy: restart, restarts: record.restarts, runningMs: 0, now, how})
  if (decision.kind === 'failed') return failed
  const backoffUntil = now + decision.delayMs
  const restartCount = record.restartCount + 1
  const fields = {reason: decision.reason, backoffUntil, restarts: decision.restarts, restartCount}
  return {event: 'exitedRetry', fields, relaunchAt: backoffUntil}
}

function isMissingValue(error: unknown): boolean {
  return isHarnessError(error) && isJsonObject(error.details) && error.details['missing'] === true
}

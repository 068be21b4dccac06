import {errorTable} from '../core/base/error-table.js'
import {isErrorCode} from '../core/base/errors.js'
import type {BlockedReport, FailureReport} from '../core/contract/status.js'

/** What starts, stops and task runs have in common when they end. */
export interface Outcome {
  readonly failed: readonly FailureReport[]
  readonly blocked?: readonly BlockedReport[]
}

/** 0 when all went well, 5 when nothing but executors failed, else 4. */
export function outcomeExit(outcome: Outcome): number {
  if (outcome.failed.length === 0) return (outcome.blocked?.length ?? 0) > 0 ? 4 : 0
  return outcome.failed.every(({code}) => isErrorCode(code) && errorTable[code].exit === 5) ? 5 : 4
}

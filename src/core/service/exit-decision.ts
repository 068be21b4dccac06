import {backOffDelay} from '../base/retry.js'
import type {ExitStatus} from '../contract/command.js'
import type {RestartPolicy} from '../contract/stack.js'
import {describeExit} from '../process/describe-exit.js'

export type ExitDecision =
  | {readonly kind: 'done'; readonly reason: string}
  | {readonly kind: 'failed'; readonly reason: string}
  | {readonly kind: 'retry'; readonly reason: string; readonly delayMs: number; readonly restarts: readonly number[]}

export interface EndedAttempt {
  readonly status: ExitStatus
  readonly policy: RestartPolicy
  readonly successExitCodes: readonly number[]
  readonly successSignals: readonly NodeJS.Signals[]
  /** When the policy restarted it before. */
  readonly restarts: readonly number[]
  /** How long the attempt was Running. */
  readonly runningMs: number
  readonly now: number
}

/** What follows when a workload ended by itself: pure, the whole restart policy. */
export function decideAfterExit(ended: EndedAttempt, random: () => number = Math.random): ExitDecision {
  const {policy, status} = ended
  const well = endedWell(ended)
  const how = describeExit(status)
  if (policy.policy === 'no' || (policy.policy === 'on-failure' && well)) {
    return well ? {kind: 'done', reason: how} : {kind: 'failed', reason: how}
  }
  return spendRestart({...ended, how}, random)
}

/** One restart of the budget, or the end: a crash loop. `how`: what made it necessary. */
export function spendRestart(
  ended: Pick<EndedAttempt, 'now' | 'policy' | 'restarts' | 'runningMs'> & {readonly how: string},
  random: () => number = Math.random,
): Exclude<ExitDecision, {readonly kind: 'done'}> {
  const {policy, how, now} = ended
  const earlier = ended.runningMs >= policy.resetAfterMs ? [] : ended.restarts
  // One that lies ahead is of a daemon before this one, and the clock was set back since: nobody knows when it was.
  const recent = earlier.filter((at) => at <= now && now - at < policy.windowMs)
  if (recent.length >= policy.maxAttempts) {
    const seconds = Math.round(policy.windowMs / 1000)
    return {kind: 'failed', reason: `crash loop: ${recent.length + 1} exits in ${seconds} s, the last with ${how}`}
  }
  const delayMs = backOffDelay(policy, recent.length, random)
  return {kind: 'retry', reason: how, delayMs, restarts: [...recent, now]}
}

function endedWell({status, successExitCodes, successSignals}: EndedAttempt): boolean {
  if (status.by === 'code') return successExitCodes.includes(status.code)
  return status.by === 'signal' && successSignals.includes(status.signal)
}

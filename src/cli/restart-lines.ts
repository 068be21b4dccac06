import {printable} from '../core/base/printable.js'
import type {StartOutcome} from '../core/contract/status.js'
import type {PlannedStep} from '../core/protocol/notifications.js'

/** What a start or restart has restarted, and why: what was asked for, what came along with it, what was edited. */
export function restartLines(
  plan: readonly PlannedStep[],
  outcome: Pick<StartOutcome, 'pending' | 'started'>,
): readonly string[] {
  const causes = new Map<string, string[]>()
  for (const {name, cause} of restartedSteps(plan, outcome)) causes.set(cause, [...(causes.get(cause) ?? []), name])
  return [...causes].map(([cause, names]) => printable(sentence(names.join(', '), cause)))
}

/** The same for programs. */
export function restartedSteps(
  plan: readonly PlannedStep[],
  {started, pending}: Pick<StartOutcome, 'pending' | 'started'>,
): readonly {readonly name: string; readonly cause: string}[] {
  return plan
    .filter(({action, name}) => action === 'restart' && (started.includes(name) || pending.includes(name)))
    .map(({name, cause}) => ({name, cause}))
}

function sentence(names: string, cause: string): string {
  if (cause === 'asked for') return `Restarted ${names}.`
  const along = /^restarts (with .*)$/.exec(cause)?.[1]
  return along === undefined ? `Restarted ${names}: ${cause}.` : `Restarted ${along}: ${names}.`
}

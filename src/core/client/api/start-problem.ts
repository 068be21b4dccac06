import {HarnessError} from '../../base/errors.js'
import type {Json} from '../../base/json.js'
import type {StartOutcome} from '../../contract/status.js'

/** STACK_FAILED with what failed, why, and what it printed last; `undefined` when nothing did. */
export function startProblem(name: string, {failed, blocked}: StartOutcome): HarnessError | undefined {
  if (failed.length + blocked.length === 0) return undefined
  const lines = [
    ...failed.flatMap((report) => [
      `${report.name}: ${report.reason} (${report.code})`,
      ...report.lastLines.map((line) => `  ${report.name} │ ${line}`),
    ]),
    ...blocked.map((report) => `${report.name}: waits for ${report.by}: ${report.reason}`),
  ]
  return new HarnessError('STACK_FAILED', {
    subject: name,
    reason: `${lines.join('\n')}\nWhat was started is stopped again`,
    hint: 'What it printed last stands above.',
    details: {failed, blocked} as unknown as Json,
  })
}

import {printable} from '../core/base/printable.js'
import type {BlockedReport, FailureReport} from '../core/contract/status.js'
import type {Outcome} from './outcome.js'
import type {Style} from './style.js'

/** For each that failed its reason, its end, its last lines and what to type next; for each that is blocked, why. */
export function outcomeLines(outcome: Outcome, style: Style): readonly string[] {
  return [
    ...outcome.failed.flatMap((report) => ['', ...failureLines(report, style)]),
    ...((outcome.blocked?.length ?? 0) > 0 ? [''] : []),
    ...(outcome.blocked ?? []).map((report) => blockedLine(report, style)),
  ]
}

function failureLines(report: FailureReport, style: Style): readonly string[] {
  const {bold, dim, red} = style
  const name = `${report.kind === 'task' ? 'Task ' : ''}${bold(printable(report.name))}`
  const bar = red('│')
  return [
    `${red('✖')} ${name} failed: ${sentence(report.reason)}${exitText(report)}`,
    ...report.lastLines.map((line) => `  ${bar} ${printable(line, {colours: style.enabled})}`.trimEnd()),
    ...report.hint.split('\n').map((line) => `  ${dim('→')} ${printable(line)}`),
  ]
}

function blockedLine(report: BlockedReport, style: Style): string {
  return `${style.yellow('◌')} ${style.bold(printable(report.name))} is blocked: ${sentence(report.reason.replace(/^blocked: /, ''))}`
}

/** Only where the reason does not tell it already. */
function exitText({exit, reason}: FailureReport): string {
  if (exit === null) return ''
  if (exit.signal !== null) return reason.includes(exit.signal) ? '' : ` (${exit.signal})`
  if (exit.code === null || new RegExp(String.raw`\b${exit.code}\b`).test(reason)) return ''
  return ` (exit code ${exit.code})`
}

function sentence(text: string): string {
  const clean = printable(text)
  return /[.!?]$/.test(clean) ? clean : `${clean}.`
}

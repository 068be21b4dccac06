import {printable} from '../core/base/printable.js'
import {describeError, type ErrorDescription} from './describe-error.js'
import {diagnosticData, diagnosticLines} from './diagnostic-lines.js'
import type {Terminal} from './terminal.js'

/** Says what went wrong and what to do next, and answers the exit code: data on standard output with `--json`, else words on standard error. */
export async function printError(error: unknown, terminal: Terminal): Promise<number> {
  const described = describeError(error)
  if (terminal.json) await printData(described, terminal)
  else await printWords(described, terminal)
  return described.exit
}

async function printData(described: ErrorDescription, terminal: Terminal): Promise<void> {
  const {code, message, hint} = described
  const problems = await problemsOf(described)
  const details = problems.length > 0 ? {diagnostics: problems.map(diagnosticData)} : (described.details ?? null)
  terminal.data({error: {code, message, hint, details}})
}

async function printWords(described: ErrorDescription, terminal: Terminal): Promise<void> {
  const {message, hint, stack} = described
  for (const line of await diagnosticLines(await problemsOf(described), terminal)) terminal.warn(line)
  const {bold, red, dim} = terminal.errorStyle
  const [first = '', ...more] = message.split('\n').map((line) => printable(line))
  terminal.warn(`${bold(red('Error:'))} ${first}`)
  for (const line of more) terminal.warn(`  ${line}`)
  if (hint !== '') for (const line of hint.split('\n')) terminal.warn(`  ${printable(line)}`)
  if (stack !== undefined && terminal.verbose) for (const line of stack.split('\n')) terminal.warn(dim(printable(line)))
}

async function problemsOf({code, details}: ErrorDescription) {
  if (code !== 'CONFIG_INVALID') return []
  const {diagnosticsIn} = await import('../core/config/format-diagnostics.js')
  return diagnosticsIn(details)
}

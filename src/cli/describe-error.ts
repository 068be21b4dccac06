import {errorTable} from '../core/base/error-table.js'
import {isHarnessError} from '../core/base/errors.js'
import type {Json} from '../core/base/json.js'
import {usageWords} from './usage-words.js'

/** Any error in the form in which a person or a program meets it. */
export interface ErrorDescription {
  readonly code: string
  readonly message: string
  readonly hint: string
  readonly details?: Json
  readonly exit: number
  /** Only for mistakes of harness itself. */
  readonly stack?: string
}

/** The same form for our errors, for those of the command line, and for what nobody expected. */
export function describeError(error: unknown): ErrorDescription {
  if (isHarnessError(error)) {
    const {code, message, hint, details} = error
    return {code, message, hint, ...(details === undefined ? {} : {details}), exit: errorTable[code].exit}
  }
  const exit = oclifExit(error)
  if (error instanceof Error && exit !== undefined) return usage(error, exit)
  const {what, hint} = errorTable.INTERNAL
  const reason = error instanceof Error ? error.message : String(error)
  return {
    code: 'INTERNAL',
    message: `${what.replace(" in '{subject}'", '')}: ${reason.replace(/\.$/, '')}.`,
    hint,
    exit: 1,
    ...(error instanceof Error && error.stack ? {stack: error.stack} : {}),
  }
}

/** The code of an exit that was asked for and has nothing to say (after `--help`, for one). */
export function silentExit(error: unknown): number | undefined {
  return error instanceof Error && 'code' in error && error.code === 'EEXIT' ? (oclifExit(error) ?? 0) : undefined
}

function usage(error: Error, exit: number): ErrorDescription {
  // oclif ends its messages with "See more help with --help", which is our hint.
  const message = error.message
    .replace(/\s*See more help with --help\s*$/, '')
    .replace(/^The following errors? occurred:\s*/, '')
    .trim()
  const ours = usageWords(message)
  if (ours) return {code: 'USAGE', ...ours, exit: 2}
  const hint = 'suggestions' in error && Array.isArray(error.suggestions) ? error.suggestions.join(' ') : ''
  const isUsage = exit === 2 || exit === 127
  return {
    code: 'USAGE',
    message,
    hint: hint || (isUsage ? 'Run the command with --help to see how it is used.' : ''),
    exit: isUsage ? 2 : exit,
  }
}

function oclifExit(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('oclif' in error)) return undefined
  const {oclif} = error
  if (typeof oclif !== 'object' || oclif === null) return undefined
  return 'exit' in oclif && typeof oclif.exit === 'number' ? oclif.exit : 2
}

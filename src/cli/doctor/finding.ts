import type {ErrorCode} from '../../core/base/error-table.js'
import {describeError} from '../describe-error.js'

/** What one look at a part of harness's surroundings has found. */
export interface Verdict {
  /** `warning`: harness works, something that it could do does not. `skipped`: it could not be looked at. */
  readonly status: 'broken' | 'ok' | 'skipped' | 'warning'
  readonly message: string
  /** What to type, or a sentence that says it. */
  readonly fix: string | null
  /** The error that commands end with because of it. */
  readonly code: ErrorCode | null
}

export interface Finding extends Verdict {
  /** The part: `state`, `daemon`, … */
  readonly name: string
}

export function ok(message: string): Verdict {
  return {status: 'ok', message, fix: null, code: null}
}

export function warning(message: string, fix: string | null = null): Verdict {
  return {status: 'warning', message, fix, code: null}
}

export function broken(code: ErrorCode, message: string, fix: string): Verdict {
  return {status: 'broken', message, fix, code}
}

export function skipped(message: string): Verdict {
  return {status: 'skipped', message, fix: null, code: null}
}

/** What a command would have failed with. */
export function brokenBy(error: unknown): Verdict {
  const {code, message, hint} = describeError(error)
  return broken(code as ErrorCode, message, hint)
}

import type {Json} from './json.js'
import {errorTable, type ErrorCode} from './error-table.js'

export interface ErrorInfo {
  /** The thing it happened to, as the user named it. */
  readonly subject: string
  /** Why, or what was expected and what was found. Without a full stop. */
  readonly reason?: string
  /** The next thing to type. A full sentence. */
  readonly hint?: string
  readonly details?: Json
  readonly cause?: unknown
}

/** The one error type. Recognise it by `code`, never by `instanceof`: a plugin may hold another copy of the class. */
export class HarnessError extends Error {
  override readonly name = 'HarnessError'
  readonly subject: string
  readonly reason: string | undefined
  readonly hint: string
  readonly details: Json | undefined

  constructor(
    readonly code: ErrorCode,
    info: ErrorInfo,
  ) {
    const kind = errorTable[code]
    const what = kind.what.replaceAll('{subject}', () => info.subject)
    const reason = info.reason?.replace(/\.$/, '')
    super(reason ? `${what}: ${reason}.` : `${what}.`, info.cause === undefined ? undefined : {cause: info.cause})
    this.subject = info.subject
    this.reason = reason
    this.hint = info.hint ?? kind.hint.replaceAll('{subject}', () => info.subject)
    this.details = info.details
  }

  get exit(): number {
    return errorTable[this.code].exit
  }
}

export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(errorTable, code)
}

/** Recognises our errors from any copy of the class, and from over the wire. */
export function isHarnessError(error: unknown): error is HarnessError {
  return error instanceof Error && 'code' in error && isErrorCode(error.code) && 'hint' in error
}

/** The text of anything thrown. Never throws itself, whatever a plugin has thrown. */
export function messageOf(error: unknown): string {
  try {
    if (typeof error !== 'object' || error === null) return String(error)
    const said: unknown = 'message' in error ? error.message : undefined
    if (typeof said === 'string' && said !== '') return said
    if (error instanceof Error) return error.name
    const text = JSON.stringify(error) as string | undefined
    return text ?? 'an object without a message'
  } catch {
    return 'an object that cannot be shown'
  }
}

/** The system's error code (`ENOENT`), when there is one. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

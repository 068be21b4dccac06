import type {ErrorCode} from '../base/error-table.js'
import {HarnessError, isErrorCode, isHarnessError, messageOf, type ErrorInfo} from '../base/errors.js'
import {isJsonObject, type Json} from '../base/json.js'
import {rpcCodes, type ErrorData, type Failure} from './messages.js'

export type ErrorObject = Failure['error']

/** Anything thrown, as the `error` of an answer. What is not ours is a bug and becomes INTERNAL, without its stack. */
export function toErrorObject(error: unknown, subject: string): ErrorObject {
  if (!isHarnessError(error))
    return toErrorObject(new HarnessError('INTERNAL', {subject, reason: messageOf(error)}), subject)
  const data: ErrorData = {
    code: error.code,
    subject: error.subject,
    hint: error.hint,
    ...(error.reason === undefined ? {} : {reason: error.reason}),
    ...(error.details === undefined ? {} : {details: error.details}),
  }
  return {code: rpcCodeOf[error.code] ?? rpcCodes.harness, message: error.message, data}
}

/** The `error` of an answer, as the error it was. A code that this side does not know survives in `details` of an INTERNAL. */
export function fromErrorObject({code, message, data}: ErrorObject, subject: string): HarnessError {
  if (data === undefined) {
    return new HarnessError(codeOfRpc[code] ?? 'INTERNAL', {subject, reason: message, details: {code}})
  }
  if (isErrorCode(data.code)) return new HarnessError(data.code, infoOf(data, subject))
  const {reason: _reason, details, ...info} = infoOf(data, subject)
  return new HarnessError('INTERNAL', {
    ...info,
    reason: message,
    details: {code: data.code, ...(details === undefined ? {} : {details})},
  })
}

function infoOf({code: _code, subject, ...info}: ErrorData, fallback: string): ErrorInfo {
  return {subject: subject ?? fallback, ...info}
}

/** Reads an `error` that came over the wire, whatever it really is. */
export function readErrorObject(value: unknown): ErrorObject | undefined {
  if (!isJsonObject(value)) return undefined
  const {code, message, data} = value
  if (typeof code !== 'number' || typeof message !== 'string') return undefined
  const read = readData(data)
  return {code, message, ...(read === undefined ? {} : {data: read})}
}

function readData(data: Json | undefined): ErrorData | undefined {
  if (!isJsonObject(data) || typeof data['code'] !== 'string') return undefined
  const {code, subject, reason, hint, details} = data
  return {
    code,
    ...(typeof subject === 'string' ? {subject} : {}),
    ...(typeof reason === 'string' ? {reason} : {}),
    ...(typeof hint === 'string' ? {hint} : {}),
    ...(details === undefined ? {} : {details}),
  }
}

const rpcCodeOf: Partial<Record<ErrorCode, number>> = {
  CANCELLED: rpcCodes.cancelled,
  INTERNAL: rpcCodes.internalError,
  METHOD_UNKNOWN: rpcCodes.methodNotFound,
  REQUEST_INVALID: rpcCodes.invalidParams,
}

const codeOfRpc: Readonly<Record<number, ErrorCode>> = {
  [rpcCodes.cancelled]: 'CANCELLED',
  [rpcCodes.methodNotFound]: 'METHOD_UNKNOWN',
  [rpcCodes.invalidParams]: 'REQUEST_INVALID',
  [rpcCodes.invalidRequest]: 'REQUEST_INVALID',
  [rpcCodes.parseError]: 'REQUEST_INVALID',
  [rpcCodes.notInitialized]: 'REQUEST_INVALID',
}

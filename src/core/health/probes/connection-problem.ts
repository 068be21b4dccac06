import {messageOf, systemCode} from '../../base/errors.js'

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  ENOTFOUND: 'unknown host',
  EAI_AGAIN: 'unknown host',
  ETIMEDOUT: 'connection timed out',
}

/** Why a connection failed, in the words people know. Node reports a name with several addresses as an error without a message. */
export function connectionProblem(error: unknown): string {
  const code = systemCode(error)
  if (code !== undefined && words[code] !== undefined) return words[code]
  const first: unknown = error instanceof AggregateError ? error.errors[0] : undefined
  return first === undefined ? messageOf(error) : connectionProblem(first)
}

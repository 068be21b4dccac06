import type {DatabaseError} from 'pg'
import type {Services} from './postgres-services.js'

interface Peer {
  readonly user: string
  readonly database: string
  readonly address: string
}

/** Why there is no session. */
export function connectionProblem(services: Services, error: unknown, peer: Peer): Error {
  const [reason, hint] = explain(error, peer)
  const code = codeOf(error)
  return services.error('ACTION_FAILED', {
    subject: 'PostgreSQL',
    ...{reason, hint, cause: error},
    ...(code !== undefined && {details: {code}}),
  })
}

function explain(error: unknown, {user, database, address}: Peer): readonly [reason: string, hint: string] {
  switch (codeOf(error)) {
    case '3D000':
      return [
        `there is no database '${database}'`,
        `Name another one, or make it: \`harness action run SERVICE create-database --param name=${database}\`.`,
      ]
    case '28P01':
    case '28000':
      return [
        `PostgreSQL at ${address} refuses user '${user}', or the password`,
        `Correct 'user' and 'password' in the config of the service; data that is kept has those that it was made with.`,
      ]
    case '53300':
      return [
        `PostgreSQL at ${address} has no connection left`,
        `Raise it: \`settings: {max_connections: 500}\` in the config of the service.`,
      ]
    default:
      return [
        isServerError(error)
          ? `PostgreSQL at ${address} takes no connection: ${words(error.message)}`
          : `PostgreSQL cannot be reached at ${address}: ${words(messageOf(error))}`,
        'See what `harness status` and `harness logs` say of it.',
      ]
  }
}

/** What the server has refused, in its own words, and where in the text of the query. */
export function queryProblem(services: Services, error: unknown, text = ''): Error {
  if (!isServerError(error))
    return services.error('ACTION_FAILED', {
      subject: 'PostgreSQL',
      reason: `the connection to PostgreSQL broke: ${words(messageOf(error))}`,
      hint: 'See what `harness logs` says of it.',
      cause: error,
    })
  const {message, code = '', position, detail, hint} = error
  const place = position === undefined ? '' : `, ${placeIn(text, Number(position))}`
  const more = [detail, hint].filter((each) => each !== undefined)
  return services.error('ACTION_FAILED', {
    subject: 'PostgreSQL',
    reason: `${words(message)} (${code}${place})`,
    ...(more.length > 0 && {hint: more.join(' ')}),
    details: {
      code,
      message,
      position: position === undefined ? null : Number(position),
      detail: detail ?? null,
      hint: hint ?? null,
    },
    cause: error,
  })
}

/** @param position of a character, from 1 */
function placeIn(text: string, position: number): string {
  const before = Array.from(text)
    .slice(0, position - 1)
    .join('')
  const lines = before.split('\n')
  return `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`
}

/** A class of `pg` that is not loaded until it is needed: it is known by what the protocol always sends. */
export function isServerError(error: unknown): error is DatabaseError {
  return error instanceof Error && 'severity' in error && 'code' in error
}

export function codeOf(error: unknown): string | undefined {
  const code = (error as {readonly code?: unknown} | null)?.code
  return typeof code === 'string' ? code : undefined
}

/** One of several addresses says more than "all of them". */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return messageOf(error.errors[0])
  return error instanceof Error ? error.message : String(error)
}

function words(message: string): string {
  return message.trim().replace(/\.$/, '')
}

import type {PluginServices} from '@service-harness/cli/plugin'

/** Makes the errors that people meet. */
export type Errors = Pick<PluginServices, 'error'>

/** Of the errors of this plugin. */
type SshCode =
  | 'SSH_ADDRESS_INVALID'
  | 'SSH_CONFIG_INVALID'
  | 'SSH_UNREACHABLE'
  | 'SSH_AUTH_FAILED'
  | 'SSH_HOST_UNKNOWN'
  | 'SSH_HOST_CHANGED'
  | 'SSH_HOST_REVOKED'
  | 'SSH_REFUSED'

/** One that says all there is to say. */
export interface OurError extends Error {
  readonly code: SshCode
  readonly subject: string
  readonly reason?: string
  readonly hint: string
}

export function isOurs(error: unknown): error is OurError {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('SSH_')
}

/** Nothing but a person changes these: asking again soon is of no use, and a host may take it for an attack. */
export function isLasting(error: unknown): boolean {
  return isOurs(error) && error.code !== 'SSH_UNREACHABLE' && error.code !== 'SSH_REFUSED'
}

/** The text of what a library throws, in one line, without its full stop. */
export function wordsOf(error: unknown): string {
  const said = error instanceof Error ? error.message || error.name : String(error)
  return oneLine(said.replace(/^\(SSH\) /, '')).replace(/\.$/, '')
}

/** What a machine says may be anything: one line of it, without control characters. */
export function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Cf}]+/gu, ' ')
    .trim()
    .slice(0, 500)
}

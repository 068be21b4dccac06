import type {PluginServices} from '@service-harness/cli/plugin'
import {reasonOf} from './reason-of.js'

/** Whom a request is for, for the one error that says that it is not there. */
export interface Peer {
  /** `Anvil`, `IPFS`, `the chain` */
  readonly what: string
  readonly url: string
  /** What to do when it is not there. @default to see what harness says of the service */
  readonly hint?: string
}

export interface Wire {
  readonly services: Pick<PluginServices, 'error'>
  readonly signal: AbortSignal
  /** For one request, in milliseconds. @default 30,000 */
  readonly timeoutMs?: number
}

/** `fetch` with a deadline. Throws ACTION_FAILED, which says who does not answer, and why; or the reason of the signal. */
export async function ask(
  peer: Peer,
  init: RequestInit,
  {services, signal, timeoutMs = 30_000}: Wire,
): Promise<Response> {
  const deadline = AbortSignal.timeout(timeoutMs)
  try {
    return await fetch(peer.url, {...init, signal: AbortSignal.any([signal, deadline])})
  } catch (error) {
    signal.throwIfAborted()
    const why = deadline.aborted ? `it gave no answer within ${timeoutMs / 1000} s` : reasonOf(error)
    throw unreachable(peer, why, services, error)
  }
}

/** The whole answer as text, for which the same holds. */
export async function askText(
  peer: Peer,
  init: RequestInit,
  wire: Wire,
): Promise<{readonly status: number; readonly text: string}> {
  const response = await ask(peer, init, wire)
  try {
    return {status: response.status, text: await response.text()}
  } catch (error) {
    wire.signal.throwIfAborted()
    throw unreachable(peer, `its answer broke off: ${reasonOf(error)}`, wire.services, error)
  }
}

function unreachable({what, url, hint}: Peer, why: string, services: Wire['services'], cause: unknown): Error {
  return services.error('ACTION_FAILED', {
    subject: what,
    reason: `${what} cannot be reached at ${url}: ${why}`,
    hint: hint ?? 'See what `harness status` and `harness logs` say of it.',
    cause,
  })
}

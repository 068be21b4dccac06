import type {PluginServices} from '@service-harness/cli/plugin'

/** Whom a request is for, for the one error that says that it is not there. */
export interface Peer {
  /** `Anvil`, `IPFS`, `the chain` */
  readonly what: string
  readonly url: string
}

export interface Wire {
  readonly services: Pick<PluginServices, 'error'>
  readonly signal: AbortSignal
  /** For one request, in milliseconds. @default 30,000 */
  readonly timeoutMs?: number
}

/** `fetch` with a deadline. Throws ACTION_FAILED, which says who does not answer, and why; or the reason of the signal. */
export async function ask(
  {what, url}: Peer,
  init: RequestInit,
  {services, signal, timeoutMs = 30_000}: Wire,
): Promise<Response> {
  const deadline = AbortSignal.timeout(timeoutMs)
  try {
    return await fetch(url, {...init, signal: AbortSignal.any([signal, deadline])})
  } catch (error) {
    signal.throwIfAborted()
    const why = deadline.aborted ? `it gave no answer within ${timeoutMs / 1000} s` : reasonOf(error)
    throw services.error('ACTION_FAILED', {
      subject: what,
      reason: `${what} cannot be reached at ${url}: ${why}`,
      hint: 'See what `harness status` and `harness logs` say of it.',
      cause: error,
    })
  }
}

/** `fetch failed` alone says nothing; the cause does. */
function reasonOf(error: unknown): string {
  const {cause, message} = error as Error
  const inner = cause instanceof AggregateError ? (cause.errors[0] as Error | undefined) : cause
  return inner instanceof Error && inner.message !== '' ? inner.message : message
}

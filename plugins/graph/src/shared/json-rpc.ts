import {askText, type Peer, type Wire} from './http.js'

/** What a server has refused, as JSON-RPC says it. https://www.jsonrpc.org/specification#error_object */
export class RpcError extends Error {
  override readonly name = 'RpcError'
  constructor(
    readonly method: string,
    readonly rpcCode: number,
    message: string,
  ) {
    super(message)
  }
}

/** One call. Throws `RpcError` for what the server refuses, ACTION_FAILED when it does not answer, or answers what is no JSON-RPC. */
export async function call<Result>(peer: Peer, method: string, params: unknown, wire: Wire): Promise<Result> {
  const {status, text} = await askText(
    peer,
    {
      method: 'POST',
      headers: {'content-type': 'application/json'},
      body: JSON.stringify({jsonrpc: '2.0', id: 1, method, params}),
    },
    wire,
  )
  const answer = parsed(text)
  if (answer === undefined) {
    throw wire.services.error('ACTION_FAILED', {
      subject: peer.what,
      reason: `${peer.what} at ${peer.url} answers ${status} to ${method}, and no JSON-RPC: ${text.slice(0, 200)}`,
    })
  }
  if (answer.error) throw new RpcError(method, answer.error.code, answer.error.message)
  return answer.result as Result
}

interface Answer {
  readonly result?: unknown
  readonly error?: {readonly code: number; readonly message: string}
}

function parsed(text: string): Answer | undefined {
  try {
    const value: unknown = JSON.parse(text)
    const isAnswer = typeof value === 'object' && value !== null && ('result' in value || 'error' in value)
    return isAnswer ? (value as Answer) : undefined
  } catch {
    return undefined
  }
}

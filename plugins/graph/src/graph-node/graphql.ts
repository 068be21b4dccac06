import {askText, type Peer, type Wire} from '../shared/http.js'

export interface GraphqlAnswer<Data> {
  readonly data?: Data | null
  readonly errors?: readonly {readonly message: string}[]
}

/** One question. Throws ACTION_FAILED when there is no answer, or one that is no GraphQL. */
export async function askGraphql<Data>(
  peer: Peer,
  question: {readonly query: string; readonly variables: object},
  wire: Wire,
): Promise<GraphqlAnswer<Data>> {
  const {status, text} = await askText(
    peer,
    {method: 'POST', headers: {'content-type': 'application/json'}, body: JSON.stringify(question)},
    wire,
  )
  try {
    const answer = JSON.parse(text) as GraphqlAnswer<Data> | null
    if (typeof answer === 'object' && answer !== null && ('data' in answer || 'errors' in answer)) return answer
  } catch {
    // Said below.
  }
  throw wire.services.error('ACTION_FAILED', {
    subject: peer.what,
    reason: `${peer.what} at ${peer.url} answers ${status}, and no GraphQL: ${text.slice(0, 200)}`,
  })
}

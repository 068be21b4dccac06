import {ask, type Wire} from '../../shared/http.js'
import {call} from '../../shared/json-rpc.js'
import {describeExpectation, holds, textOf, valueAt} from './condition.js'
import type {Until} from './input.js'

/** How it stands with what is waited for. */
export interface Standing {
  readonly holds: boolean
  readonly value: unknown
  /** For people. */
  readonly text: string
}

/** What is waited for, in words. */
export function describeUntil(until: Until): string {
  return 'graphql' in until
    ? `${describeExpectation(until.graphql)} at ${until.graphql.url}`
    : `${describeExpectation(until.rpc)} of ${until.rpc.method}`
}

/** Asks once. An answer that is an error is one, too, and so is none: a subgraph may not be there yet, or whoever serves it. */
export async function askCondition(until: Until, ethereumUrl: string, wire: Wire): Promise<Standing> {
  const answer = await answerTo(until, ethereumUrl, wire)
  if ('refused' in answer) return {holds: false, value: null, text: answer.refused}
  const expected = 'graphql' in until ? until.graphql : until.rpc
  const value = valueAt(answer.answer, expected.path)
  return {holds: holds(value, expected), value, text: textOf(value)}
}

type Answer = {readonly answer: unknown} | {readonly refused: string}

async function answerTo(until: Until, ethereumUrl: string, wire: Wire): Promise<Answer> {
  try {
    return 'graphql' in until ? await askGraphql(until.graphql, wire) : await askRpc(until.rpc, ethereumUrl, wire)
  } catch (error) {
    wire.signal.throwIfAborted()
    const {reason, message} = error as Error & {readonly reason?: string}
    return {refused: reason ?? message}
  }
}

async function askGraphql(
  {url, query, variables = {}}: Extract<Until, {graphql: object}>['graphql'],
  wire: Wire,
): Promise<Answer> {
  const headers = {'content-type': 'application/json'}
  const body = JSON.stringify({query, variables})
  const response = await ask({what: 'the GraphQL server', url}, {method: 'POST', headers, body}, wire)
  const text = await response.text()
  try {
    const {data, errors} = JSON.parse(text) as {data?: unknown; errors?: readonly {readonly message: string}[]}
    return errors ? {refused: errors.map(({message}) => message).join('; ')} : {answer: data}
  } catch {
    return {refused: `HTTP ${response.status}, and no JSON: ${text.slice(0, 200)}`}
  }
}

async function askRpc(
  {url, method, params = []}: Extract<Until, {rpc: object}>['rpc'],
  ethereumUrl: string,
  wire: Wire,
): Promise<Answer> {
  return {answer: await call({what: 'the chain', url: url ?? ethereumUrl}, method, params, wire)}
}

import type {IncomingMessage, ServerResponse} from 'node:http'
import type {IpfsNode} from './ipfs-node.js'
import {NodeError} from './node-error.js'

/** One request, for a command. */
export interface Call {
  readonly node: IpfsNode
  readonly query: URLSearchParams
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

/** Writes the answer; what it throws is answered as Kubo answers errors. */
export type Command = (call: Call) => Promise<void>

export function flag({query}: Call, name: string, otherwise = false): boolean {
  const value = query.get(name)
  if (value === null) return otherwise
  if (value === '' || value === 'true' || value === '1') return true
  if (value === 'false' || value === '0') return false
  throw unconvertible(value, 'bool', name)
}

export function count({query}: Call, name: string, otherwise: number): number {
  const value = query.get(name)
  if (value === null) return otherwise
  if (/^\d{1,15}$/.test(value)) return Number(value)
  if (/^-\d+$/.test(value)) throw new NodeError(`cannot specify negative ${name}`)
  throw unconvertible(value, 'int', name)
}

function unconvertible(value: string, type: string, name: string): NodeError {
  return new NodeError(`could not convert value "${value}" to type "${type}" (for option "-${name}")`, 400)
}

/** All arguments. Throws when there is none. @param name as Kubo calls it */
export function args({query}: Call, name: string): readonly string[] {
  const all = query.getAll('arg')
  if (all.length > 0) return all
  throw new NodeError(`argument "${name}" is required`, 400)
}

export function answer({response}: Call, value: object): void {
  response.writeHead(200, {'content-type': 'application/json'})
  response.end(`${JSON.stringify(value)}\n`)
}

/** One line of an answer that has several, sent at once. */
export function answerLine({response}: Call, value: object): void {
  if (!response.headersSent)
    response.writeHead(200, {
      'content-type': 'application/json',
      'x-chunked-output': '1',
      trailer: 'X-Stream-Error',
    })
  response.write(`${JSON.stringify(value)}\n`)
}

import {HarnessError, messageOf} from '../base/errors.js'
import {isJsonObject, type Json, type JsonObject} from '../base/json.js'
import {readErrorObject, toErrorObject} from './errors.js'
import {measureDepth} from './json-depth.js'
import {limits, rpcCodes, type Failure, type Message} from './messages.js'

export type Parsed = {readonly message: Message} | {readonly failure: Failure}

/** Reads one text frame. What is no message gives the failure to answer with, carrying the id when one could be read. */
export function parseMessage(text: string): Parsed {
  const {tooDeep, surface} = measureDepth(text, limits.jsonDepth)
  if (tooDeep) {
    const id = idOf(tryJson(surface))
    return refuse(rpcCodes.invalidRequest, id, `it is nested more than ${limits.jsonDepth} levels deep`)
  }
  let value: Json
  try {
    value = JSON.parse(text) as Json
  } catch (error) {
    return refuse(rpcCodes.parseError, null, `it is not JSON: ${shorten(messageOf(error))}`)
  }
  return Array.isArray(value)
    ? refuse(rpcCodes.invalidRequest, null, 'batches are not supported, send one message in each frame')
    : toMessage(value)
}

/** The answer to something that is no valid message. */
export function refuse(code: number, id: Failure['id'], reason: string): {readonly failure: Failure} {
  const error = toErrorObject(new HarnessError('REQUEST_INVALID', {subject: 'message', reason}), 'message')
  return {failure: {jsonrpc: '2.0', id, error: {...error, code}}}
}

function toMessage(value: Json): Parsed {
  if (!isJsonObject(value)) return refuse(rpcCodes.invalidRequest, null, `expected an object, got ${kindOf(value)}`)
  const invalid = (reason: string): Parsed => refuse(rpcCodes.invalidRequest, idOf(value), reason)
  if (value['jsonrpc'] !== '2.0') return invalid(`expected "jsonrpc": "2.0", got ${show(value['jsonrpc'])}`)
  if ('method' in value) return toCall(value, invalid)
  if ('result' in value === 'error' in value) {
    return invalid(`expected 'method', or one of 'result' and 'error', got the keys ${show(Object.keys(value))}`)
  }
  return toAnswer(value, invalid)
}

function toCall(value: JsonObject, invalid: (reason: string) => Parsed): Parsed {
  const {id, method, params} = value
  if (typeof method !== 'string' || method === '') return invalid(`'method' must be a name, got ${show(method)}`)
  if (params !== undefined && !isJsonObject(params)) return invalid(`'params' must be an object, got ${kindOf(params)}`)
  const rest = {method, ...(params === undefined ? {} : {params})}
  if (!('id' in value)) return {message: {jsonrpc: '2.0', ...rest}}
  if (!isId(id)) return invalid(`'id' must be a whole number from 0 on, got ${show(id)}`)
  return {message: {jsonrpc: '2.0', id, ...rest}}
}

function toAnswer(value: JsonObject, invalid: (reason: string) => Parsed): Parsed {
  const {id, result} = value
  if (result !== undefined) {
    return isId(id) ? {message: {jsonrpc: '2.0', id, result}} : invalid(`an answer needs an 'id', got ${show(id)}`)
  }
  const error = readErrorObject(value['error'])
  if (error === undefined) return invalid(`'error' must have a number 'code' and a text 'message'`)
  if (id !== null && !isId(id)) return invalid(`an answer needs an 'id', got ${show(id)}`)
  return {message: {jsonrpc: '2.0', id, error}}
}

function isId(id: unknown): id is number {
  return Number.isSafeInteger(id) && (id as number) >= 0
}

/** An id that is not ours (a text) is still given back, so that its sender knows which message was wrong. */
function idOf(value: unknown): Failure['id'] {
  if (!isJsonObject(value)) return null
  const {id} = value
  if (typeof id === 'number') return id
  return typeof id === 'string' && id.length <= 128 ? id : null
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function kindOf(value: Json): string {
  return value === null ? 'null' : Array.isArray(value) ? 'an array' : `a ${typeof value}`
}

function show(value: Json | undefined): string {
  return value === undefined ? 'nothing' : shorten(JSON.stringify(value))
}

function shorten(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text
}

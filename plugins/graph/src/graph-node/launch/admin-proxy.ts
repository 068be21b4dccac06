import {once} from 'node:events'
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http'
import {isBrowser} from '../../shared/launch/is-browser.js'
import type {Mirror} from './mirror.js'
import {reasonOf} from '../../shared/reason-of.js'

export interface AdminProxy {
  readonly port: number
  /** The real one. */
  readonly gnd: string
  readonly mirror: Mirror
}

const maxBodyBytes = 10 * 1024 * 1024

/**
 * The port for administrators: what it is asked is answered by gnd, after the files of a subgraph that is to be deployed have been brought to where gnd
 * looks for them. So every tool can deploy what it has put on any IPFS.
 */
export async function serveAdmin(options: AdminProxy): Promise<void> {
  const server = createServer((request, response) => {
    answer(request, response, options).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(502, {'content-type': 'text/plain'})
      response.end(`graph-node does not answer: ${reasonOf(error)}\n`)
    })
  })
  server.listen(options.port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch (error) {
    throw new Error(`The port ${options.port} for administrators cannot be opened: ${reasonOf(error)}`)
  }
}

async function answer(request: IncomingMessage, response: ServerResponse, {gnd, mirror}: AdminProxy): Promise<void> {
  if (isBrowser(request)) {
    response.writeHead(403, {'content-type': 'text/plain', connection: 'close'}).end('This port answers no browsers.\n')
    return
  }
  const body = await bodyOf(request)
  if (body === undefined) {
    response.writeHead(413, {connection: 'close'}).end()
    return
  }
  const forward = (content: Buffer | string): Promise<Response> => ask(gnd, request, content)
  const calls = callsIn(body)
  const refused = await refusals(calls, mirror)
  if (refused.size === 0) return passOn(await forward(body), response)
  const others = calls.filter((call) => !refused.has(call))
  const answers: unknown[] = [...refused.values()]
  if (others.length > 0) answers.push(...((await (await forward(JSON.stringify(others))).json()) as unknown[]))
  response.writeHead(200, {'content-type': 'application/json'})
  response.end(JSON.stringify(body.toString().trimStart().startsWith('[') ? answers : answers[0]))
}

interface Call {
  readonly id?: unknown
  readonly method?: unknown
  readonly params?: {readonly ipfs_hash?: unknown} | null
}

/** One call or several. What is neither is answered by gnd. */
function callsIn(body: Buffer): readonly Call[] {
  try {
    const value: unknown = JSON.parse(body.toString())
    return (Array.isArray(value) ? value : [value]).filter(
      (call): call is Call => typeof call === 'object' && call !== null,
    )
  } catch {
    return []
  }
}

/** Those whose files cannot be had, with what graph-node says to that. */
async function refusals(calls: readonly Call[], mirror: Mirror): Promise<ReadonlyMap<Call, object>> {
  const refused = new Map<Call, object>()
  await Promise.all(
    calls.map(async (call) => {
      const hash = call.params?.ipfs_hash
      if (call.method !== 'subgraph_deploy' || typeof hash !== 'string') return
      try {
        await mirror.fetchSubgraph(hash)
      } catch (error) {
        const message = `subgraph resolve error: resolve error: ${reasonOf(error)}`
        refused.set(call, {jsonrpc: '2.0', id: call.id ?? null, error: {code: 0, message}})
      }
    }),
  )
  return refused
}

function ask(gnd: string, {method = 'GET', headers}: IncomingMessage, body: Buffer | string): Promise<Response> {
  const type = headers['content-type']
  return fetch(gnd, {
    method,
    ...(method === 'GET' || method === 'HEAD' ? {} : {body: typeof body === 'string' ? body : new Uint8Array(body)}),
    ...(type === undefined ? {} : {headers: {'content-type': type}}),
  })
}

async function passOn(from: Response, to: ServerResponse): Promise<void> {
  const kept = ['allow', 'content-type'].flatMap((name) => {
    const value = from.headers.get(name)
    return value === null ? [] : [[name, value] as const]
  })
  to.writeHead(from.status, Object.fromEntries(kept))
  to.end(Buffer.from(await from.arrayBuffer()))
}

/** `undefined`: it is too long. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of request as AsyncIterable<Buffer>) {
    length += piece.length
    if (length > maxBodyBytes) return undefined
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http'
import {isBrowser} from '../../shared/launch/is-browser.js'
import type {Call, Command} from './call.js'
import {add} from './commands/add.js'
import {blockGet, blockStat} from './commands/block.js'
import {cat} from './commands/cat.js'
import {cidFormat} from './commands/cid-format.js'
import {id, version} from './commands/identity.js'
import {ls} from './commands/ls.js'
import {pinAdd, pinLs, pinRm} from './commands/pin.js'
import {agent, type IpfsNode} from './ipfs-node.js'
import {NodeError} from './node-error.js'

/** By their path below `/api/v0/`. https://docs.ipfs.tech/reference/kubo/rpc/ */
const commands: ReadonlyMap<string, Command> = new Map([
  ['add', add],
  ['block/get', blockGet],
  ['block/stat', blockStat],
  ['cat', cat],
  ['cid/format', cidFormat],
  ['id', id],
  ['ls', ls],
  ['pin/add', pinAdd],
  ['pin/ls', pinLs],
  ['pin/rm', pinRm],
  ['version', version],
])

/** The part of Kubo's RPC that The Graph's programs use, over blocks in a folder. Trusts who can reach it, but for browsers. */
export function rpcServer(node: IpfsNode): Server {
  return createServer({requestTimeout: 0}, (request, response) => {
    void serve(node, request, response)
  })
}

async function serve(node: IpfsNode, request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.setHeader('server', `${agent.name}/${agent.version}`)
  response.setHeader('vary', 'Origin')
  const {pathname, searchParams: query} = addressed(request)
  const command = /^\/api\/v0\/(.+?)\/?$/.exec(pathname)?.[1]
  const run = command === undefined ? undefined : commands.get(command)
  if (isBrowser(request)) refuse(response, 403, '403 - Forbidden')
  else if (command !== undefined && request.method !== 'POST') {
    response.setHeader('allow', 'OPTIONS, POST')
    if (request.method === 'OPTIONS') response.writeHead(204).end()
    else refuse(response, 405, '405 - Method Not Allowed')
  } else if (run === undefined) refuse(response, 404, '404 page not found')
  else await answerOf(run, {node, query, request, response})
  // What was not wanted of the request is in the way of the next one.
  if (!request.readableEnded) request.resume()
}

async function answerOf(run: Command, call: Call): Promise<void> {
  const {response} = call
  try {
    await run(call)
  } catch (error) {
    const {message} = error as Error
    if (response.headersSent) {
      response.addTrailers({'X-Stream-Error': message.replaceAll(/[^\x20-\x7e]/g, '?')})
      response.end()
      return
    }
    const status = error instanceof NodeError ? error.status : 500
    if (status === 400) {
      refuse(response, status, message)
      return
    }
    response.writeHead(status, {'content-type': 'application/json'})
    response.end(`${JSON.stringify({Message: message, Code: 0, Type: 'error'})}\n`)
  }
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {'content-type': 'text/plain; charset=utf-8'})
  response.end(`${text}\n`)
}

/** What is no address, such as `//`, is none that is here. */
function addressed({url = '/'}: IncomingMessage): URL {
  const [base, nowhere] = ['http://ipfs', 'http://ipfs/']
  return new URL(URL.canParse(url, base) ? url : nowhere, base)
}

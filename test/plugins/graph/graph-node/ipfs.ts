import {createHash} from 'node:crypto'
import {once} from 'node:events'
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'

export interface Ipfs extends AsyncDisposable {
  readonly url: string
  /** By CID. Tests take files away, as a node that has lost them. */
  readonly files: Map<string, Buffer>
  /** Adds a file, and answers its CID. */
  put(content: string): string
  /** Nobody listens while the work goes on. */
  pause(work: () => Promise<void>): Promise<void>
}

/** As much of Kubo's RPC as a deployment needs, with real CIDs, in this process. */
export async function startIpfs(): Promise<Ipfs> {
  const files = new Map<string, Buffer>()
  const server = createServer((request, response) => {
    void answer(request, response, files)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const {port} = server.address() as AddressInfo
  const close = async (): Promise<void> => {
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  }
  return {
    url: `http://127.0.0.1:${port}`,
    files,
    put(content) {
      const hash = cidOf(Buffer.from(content))
      files.set(hash, Buffer.from(content))
      return hash
    },
    async pause(work) {
      await close()
      await work()
      server.listen(port, '127.0.0.1')
      await once(server, 'listening')
    },
    [Symbol.asyncDispose]: close,
  }
}

async function answer(request: IncomingMessage, response: ServerResponse, files: Map<string, Buffer>): Promise<void> {
  const {pathname, searchParams} = new URL(request.url ?? '/', 'http://ipfs')
  const body = Buffer.concat(await request.toArray())
  const json = (status: number, value: object): void => {
    response.writeHead(status, {'content-type': 'application/json'}).end(`${JSON.stringify(value)}\n`)
  }
  switch (pathname) {
    case '/api/v0/version':
      json(200, {Version: '0.38.2'})
      return
    case '/api/v0/add': {
      const content = body.subarray(body.indexOf('\r\n\r\n') + 4, body.lastIndexOf('\r\n--'))
      const hash = cidOf(content)
      files.set(hash, content)
      json(200, {Name: hash, Hash: hash, Size: String(content.length)})
      return
    }
    case '/api/v0/cat': {
      const content = files.get((searchParams.get('arg') ?? '').replace(/^\/ipfs\//, ''))
      if (content) response.end(content)
      else json(500, {Message: 'block was not found locally (offline)', Code: 0, Type: 'error'})
      return
    }
    default:
      response.writeHead(404).end()
  }
}

/** Version 0, of a file of one block. */
function cidOf(content: Buffer): string {
  const size = varint(content.length)
  const unixfs = Buffer.concat([Buffer.from([8, 2, 0x12]), size, content, Buffer.from([0x18]), size])
  const block = Buffer.concat([Buffer.from([0x0a]), varint(unixfs.length), unixfs])
  return base58(Buffer.concat([Buffer.from([0x12, 0x20]), createHash('sha256').update(block).digest()]))
}

function varint(number: number): Buffer {
  const bytes: number[] = []
  for (let left = number; ; left >>>= 7) {
    if (left < 128) return Buffer.from([...bytes, left])
    bytes.push((left & 127) | 128)
  }
}

function base58(bytes: Buffer): string {
  const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
  let text = ''
  for (let left = BigInt(`0x${bytes.toString('hex')}`); left > 0n; left /= 58n)
    text = (alphabet[Number(left % 58n)] ?? '') + text
  return text
}

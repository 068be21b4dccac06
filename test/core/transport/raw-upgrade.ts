import {connect as connectPlain, type Socket} from 'node:net'
import {TLSSocket, createSecureContext} from 'node:tls'

/** A daemon with both listeners, as far as a raw client must know it. */
export interface Target {
  readonly port: number
  readonly server: {readonly socketPath: string}
  readonly identity: {readonly token: string}
}

export type Way = 'tcp' | 'unix'
export const ways: readonly Way[] = ['unix', 'tcp']

/** A connected socket to one listener, with TLS on top where it has it. */
export async function openSocket(daemon: Target, way: Way): Promise<Socket> {
  const plain = way === 'unix' ? connectPlain(daemon.server.socketPath) : connectPlain(daemon.port, '127.0.0.1')
  plain.on('error', () => undefined)
  await new Promise((resolve) => plain.once('connect', resolve))
  if (way === 'unix') return plain
  const socket = new TLSSocket(plain, {isServer: false, secureContext: createSecureContext({ca: []})})
  socket.on('error', () => undefined)
  const secure = new Promise((resolve) => socket.once('secure', resolve))
  socket.write('')
  await secure
  return socket
}

export interface Answer {
  readonly status: number
  /** Bytes after the head. */
  readonly body: number
  /** The connection was left open. */
  readonly open: boolean
}

/** Sends a request as text and answers what came back until the server ended it, or until it upgraded. */
export async function ask(daemon: Target, way: Way, lines: readonly string[]): Promise<Answer> {
  const socket = await openSocket(daemon, way)
  socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  return new Promise((resolve) => {
    let text = ''
    const finish = (open: boolean): void => {
      const end = text.indexOf('\r\n\r\n')
      socket.destroy()
      resolve({status: Number(text.slice(9, 12)), body: end < 0 ? 0 : text.length - end - 4, open})
    }
    socket.on('data', (data: Buffer) => {
      text += data.toString('latin1')
      if (text.startsWith('HTTP/1.1 101') && text.includes('\r\n\r\n')) setImmediate(finish, true)
    })
    socket.on('close', () => {
      finish(false)
    })
  })
}

/** An upgrade request that is right in everything, with some headers replaced (`undefined`: left out). */
export function upgradeRequest(
  daemon: Target,
  way: Way,
  changes: Readonly<Record<string, readonly string[] | string | undefined>> = {},
  requestLine = 'GET / HTTP/1.1',
): readonly string[] {
  const headers: Record<string, readonly string[] | string | undefined> = {
    Host: way === 'unix' ? 'localhost' : `127.0.0.1:${daemon.port}`,
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    Authorization: `Bearer ${daemon.identity.token}`,
    ...changes,
  }
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((one) => `${name}: ${one}`),
  )
  return [requestLine, ...lines]
}

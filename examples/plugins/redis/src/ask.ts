import {connect} from 'node:net'

/** What Redis answers: a text, a number, or nothing. */
export type Reply = number | string | null

export interface Address {
  readonly host: string
  readonly port: number
}

/** Sends one command and answers its reply. https://redis.io/docs/latest/develop/reference/protocol-spec/ */
export function ask({host, port}: Address, command: readonly string[], signal: AbortSignal): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const socket = connect({host, port, signal})
    let received = Buffer.alloc(0)
    socket.on('data', (bytes) => {
      received = Buffer.concat([received, bytes])
      try {
        const reply = parse(received)
        if (reply === undefined) return
        resolve(reply)
      } catch (error) {
        reject(error as Error)
      }
      socket.destroy()
    })
    socket.once('error', reject)
    socket.once('close', () => {
      reject(new Error(`Redis at ${host}:${port} hung up`))
    })
    const words = command.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`)
    socket.write(`*${command.length}\r\n${words.join('')}`)
  })
}

/** `undefined`: there is more to come. Throws what Redis calls an error. */
function parse(bytes: Buffer): Reply | undefined {
  const end = bytes.indexOf('\r\n')
  if (end === -1) return undefined
  const [kind, head] = [bytes.toString('utf8', 0, 1), bytes.toString('utf8', 1, end)]
  switch (kind) {
    case '+':
      return head
    case ':':
      return Number(head)
    case '$': {
      const length = Number(head)
      if (length === -1) return null
      const begin = end + 2
      return bytes.length < begin + length + 2 ? undefined : bytes.toString('utf8', begin, begin + length)
    }
    default:
      throw new Error(kind === '-' ? head : `Redis answers what this plugin does not know: ${kind}${head}`)
  }
}

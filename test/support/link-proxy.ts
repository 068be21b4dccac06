import {once} from 'node:events'
import {connect, createServer, type AddressInfo, type Server, type Socket} from 'node:net'

/** Stands between a client and a server, and can cut what goes through it. */
export class LinkProxy implements AsyncDisposable {
  private readonly pairs = new Set<readonly [Socket, Socket]>()
  private isCut = false
  private isSilent = false
  /** How many connections were let through. */
  accepted = 0

  private constructor(
    private readonly server: Server,
    private readonly target: number,
  ) {
    server.on('connection', (client) => {
      this.accept(client)
    })
  }

  static async to(target: number): Promise<LinkProxy> {
    const server = createServer({pauseOnConnect: true})
    const proxy = new LinkProxy(server, target)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return proxy
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port
  }

  /** Connections that are open now. */
  get open(): number {
    return this.pairs.size
  }

  /** Drops all that is open, and whoever comes anew. */
  cut(): void {
    this.isCut = true
    this.drop()
  }

  /** Nothing comes through any more, and nobody is told: as when a cable is pulled. */
  freeze(): void {
    this.isSilent = true
    for (const pair of this.pairs) for (const socket of pair) socket.unpipe().pause()
  }

  /** Lets through again who comes anew. What was frozen is gone. */
  mend(): void {
    this.drop()
    this.isCut = false
    this.isSilent = false
  }

  /** Drops all that is open; who comes anew gets through. */
  drop(): void {
    for (const pair of this.pairs) for (const socket of pair) socket.resetAndDestroy()
    this.pairs.clear()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut()
    this.server.close()
    await once(this.server, 'close')
  }

  private accept(client: Socket): void {
    if (this.isCut) {
      client.resetAndDestroy()
      return
    }
    this.accepted++
    const server = connect(this.target, '127.0.0.1')
    const pair = [client, server] as const
    this.pairs.add(pair)
    for (const [from, to] of [pair, [server, client] as const]) {
      from.on('error', () => to.destroy())
      from.on('close', () => {
        this.pairs.delete(pair)
        to.destroy()
      })
    }
    if (this.isSilent) return
    client.pipe(server)
    server.pipe(client)
    client.resume()
  }
}

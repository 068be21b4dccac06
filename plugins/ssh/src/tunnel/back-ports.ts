import {connect} from 'node:net'
import type {RemoteHost, RemoteListener} from '../host/remote-host.js'
import {join, type Stream} from './join.js'
import type {SavedTunnel} from './saved-tunnel.js'

type BackRoute = SavedTunnel['back'][number]

interface OpenPort {
  readonly target: string
  readonly listener: Promise<RemoteListener>
  holders: number
}

/** Ports of this machine on the loopback of another. Several services there may be given the same one. */
export class BackPorts {
  private readonly open = new Map<number, OpenPort>()

  constructor(private readonly host: Pick<RemoteHost, 'listen'>) {}

  /** Until what is returned is disposed of. Rejects when the port cannot be had there. */
  async hold({host: target, port}: BackRoute): Promise<AsyncDisposable> {
    const known = this.open.get(port)
    if (known && known.target !== target) throw new Error(`it leads to ${known.target}:${port} already`)
    const entry = known ?? this.listen(target, port)
    entry.holders += 1
    try {
      await entry.listener
    } catch (error) {
      entry.holders -= 1
      if (this.open.get(port) === entry) this.open.delete(port)
      throw error
    }
    let isHeld = true
    return {
      [Symbol.asyncDispose]: async () => {
        if (!isHeld) return
        isHeld = false
        entry.holders -= 1
        if (entry.holders > 0) return
        if (this.open.get(port) === entry) this.open.delete(port)
        await (await entry.listener)[Symbol.asyncDispose]()
      },
    }
  }

  private listen(target: string, port: number): OpenPort {
    const accept = (connection: Stream): void => {
      const socket = connect({host: target, port, allowHalfOpen: true})
      socket.on('error', () => socket.destroy())
      join(socket, connection)
    }
    const entry = {target, listener: this.host.listen({host: '127.0.0.1', port}, accept), holders: 0}
    this.open.set(port, entry)
    return entry
  }
}

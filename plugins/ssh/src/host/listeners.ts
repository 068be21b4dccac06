import {setTimeout as sleep} from 'node:timers/promises'
import type {PluginLog} from '@service-harness/cli/plugin'
import {ask, type Connection} from '../connect/connection.js'
import {wordsOf} from '../problem.js'
import {disposable} from './disposable-stream.js'
import type {RemoteAddress, RemoteListener, RemoteHost} from './remote-host.js'

type Accept = Parameters<RemoteHost['listen']>[1]

/** One port there. */
interface Listener {
  readonly host: string
  port: number
  readonly accept: Accept
  readonly signal: AbortSignal
  /** The newest. */
  connection: Connection
}

const firstPauseMs = 250
const longestPauseMs = 5000

/** The ports that a host listens at for us. They belong to a connection; each new one gets them again. */
export class Listeners {
  private readonly all = new Set<Listener>()

  constructor(private readonly log: PluginLog) {}

  /** A new connection. */
  adopt(connection: Connection): void {
    connection.client.on('tcp connection', ({destPort}, accept, reject) => {
      const listener = [...this.all].find(({port}) => port === destPort)
      if (listener) listener.accept(disposable(accept()))
      else reject()
    })
    for (const listener of this.all) void this.again(connection, listener)
  }

  /** Rejects with what the host says. */
  async open(connection: Connection, {host, port}: RemoteAddress, accept: Accept): Promise<RemoteListener> {
    const over = new AbortController()
    const listener: Listener = {host, port, accept, signal: over.signal, connection}
    const close = async (): Promise<void> => {
      this.all.delete(listener)
      over.abort(new Error('it is not wanted any more'))
      await unforward(listener)
    }
    // Connections may come before the answer does.
    if (port !== 0) this.all.add(listener)
    try {
      listener.port = await forward(connection, listener)
    } catch (error) {
      // A newer connection may have been asked for it meanwhile.
      if (listener.connection === connection) this.all.delete(listener)
      else await close()
      throw error
    }
    this.all.add(listener)
    return {
      get port() {
        return listener.port
      },
      [Symbol.asyncDispose]: async () => {
        if (this.all.has(listener)) await close()
      },
    }
  }

  /** The host may not know yet that the old link is cut, and hold the port for it. */
  private async again(connection: Connection, listener: Listener): Promise<void> {
    listener.connection = connection
    let pauseMs = firstPauseMs
    while (!(await this.isForwarded(connection, listener, pauseMs === firstPauseMs))) {
      await sleep(pauseMs, undefined, {signal: listener.signal}).catch(() => undefined)
      pauseMs = Math.min(2 * pauseMs, longestPauseMs)
    }
  }

  /** Also when nobody wants it any more. */
  private async isForwarded(connection: Connection, listener: Listener, isFirst: boolean): Promise<boolean> {
    const {host, port, signal} = listener
    try {
      await forward(connection, listener)
      return true
    } catch (error) {
      if (!connection.isOpen || signal.aborted) return true
      if (isFirst) this.log.warn('a port is not listened at again yet', {host, port, reason: wordsOf(error)})
      return false
    }
  }
}

async function forward(connection: Connection, {host, port, signal}: Listener): Promise<number> {
  return await ask<number>(connection, signal, (done) => {
    connection.client.forwardIn(host, port, done)
  })
}

async function unforward({connection, host, port}: Listener): Promise<void> {
  if (!connection.isOpen) return
  await ask<undefined>(connection, AbortSignal.timeout(5000), (done) => {
    connection.client.unforwardIn(host, port, (error) => {
      done(error, undefined)
    })
  }).catch(() => undefined)
}

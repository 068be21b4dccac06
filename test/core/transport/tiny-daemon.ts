import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {systemClock} from '../../../src/core/base/clock.js'
import {HarnessError} from '../../../src/core/base/errors.js'
import {silentLog} from '../../../src/core/base/log.js'
import {statePaths} from '../../../src/core/base/state-directory.js'
import {protocolVersion} from '../../../src/core/protocol/messages.js'
import {writeDaemonInfo} from '../../../src/core/client/info-file.js'
import type {Call, Connection, Handle} from '../../../src/core/transport/connection.js'
import {loadIdentity, type Identity} from '../../../src/core/transport/identity.js'
import {startServer, type Server, type ServerOptions} from '../../../src/core/transport/server.js'

/** A server with a handler of a few lines, in a state directory of its own. */
export interface TinyDaemon extends AsyncDisposable {
  readonly directory: string
  readonly identity: Identity
  readonly server: Server
  readonly port: number
  readonly connections: Connection[]
  /** Calls that wait until they are cancelled or released. */
  readonly hanging: Call[]
  release(): void
}

export async function startTinyDaemon(options: Partial<ServerOptions> = {}): Promise<TinyDaemon> {
  const directory = await mkdtemp(path.join(tmpdir(), 'harness-wire-'))
  const identity = await loadIdentity(directory, systemClock)
  const connections: Connection[] = []
  const hanging: Call[] = []
  const releases: (() => void)[] = []
  const server = await startServer({
    socketPath: statePaths(directory).socket,
    tcp: {host: '127.0.0.1', port: 0, exact: false},
    ...identity,
    clock: systemClock,
    log: silentLog,
    onConnection(connection) {
      connections.push(connection)
      return tinyHandler(hanging, releases)
    },
    ...options,
  })
  const url = server.url ?? null
  await writeDaemonInfo(directory, {
    pid: process.pid,
    epoch: 'epoch-1',
    version: '0.0.0',
    protocolVersion,
    socket: server.socketPath,
    url,
    fingerprint: identity.fingerprint256,
    startedAt: new Date().toISOString(),
  })
  return {
    directory,
    identity,
    server,
    port: url === null ? 0 : Number(new URL(url).port),
    connections,
    hanging,
    release() {
      for (const release of releases.splice(0)) release()
    },
    async [Symbol.asyncDispose]() {
      await server.close()
      await rm(directory, {recursive: true, force: true})
    },
  }
}

/** `stack.list` answers at once, `service.status` hangs, `logs.read` streams, `daemon.info` throws what is no error of ours. */
export function tinyHandler(hanging: Call[] = [], releases: (() => void)[] = []): Handle {
  return (method, params, call) => {
    if (method === 'initialize') {
      return {protocolVersion, daemon: {version: '0.0.0', epoch: 'epoch-1', pid: process.pid}, plugins: []}
    }
    if (method === 'stack.list') return {stacks: []}
    if (method === 'service.status') {
      hanging.push(call)
      return new Promise((resolve, reject) => {
        releases.push(() => {
          resolve({stack: 'x', name: 'x', file: '/x', services: [], tasks: []})
        })
        call.signal.addEventListener('abort', () => {
          reject(call.signal.reason as Error)
        })
      })
    }
    if (method === 'logs.read') {
      call.notify('$/log', {lines: []})
      call.progress({plan: []})
      return {lines: 0}
    }
    if (method === 'daemon.info') throw new TypeError('a bug')
    throw new HarnessError('STACK_UNKNOWN', {subject: JSON.stringify(params['stack']), details: {known: []}})
  }
}

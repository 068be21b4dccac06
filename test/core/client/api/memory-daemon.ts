import {systemClock} from '../../../../src/core/base/clock.js'
import {HarnessError} from '../../../../src/core/base/errors.js'
import {silentLog} from '../../../../src/core/base/log.js'
import {createClient, type HarnessClient} from '../../../../src/core/client/api/create.js'
import type {Client} from '../../../../src/core/client/client.js'
import {openClient} from '../../../../src/core/client/open-client.js'
import {Tally} from '../../../../src/core/daemon/metrics/tally.js'
import {EventHub} from '../../../../src/core/daemon/event-hub.js'
import {eventMethods} from '../../../../src/core/daemon/methods/events.js'
import {protocolVersion} from '../../../../src/core/protocol/messages.js'
import type {Call, Connection, Handle} from '../../../../src/core/transport/connection.js'
import {converse} from '../../../../src/core/transport/conversation.js'
import {memoryPair} from '../../../../src/core/transport/memory-pair.js'

/** A daemon without a network that can be away, be replaced by another one, and lose its clients. */
export class MemoryDaemon implements AsyncDisposable {
  hub = new EventHub(systemClock, {events: 8, bytes: 1e6})
  epoch = 'epoch-1'
  away = false
  /** How often a client has come. */
  dials = 0
  readonly connections = new Set<Connection>()
  private readonly clients: HarnessClient[] = []

  /** `handle` answers what is not about events. */
  constructor(private readonly handle: Handle = () => ({})) {}

  async client(reconnectMs = 2000): Promise<HarnessClient> {
    const dial = (): Promise<Client> => this.dial()
    const client = createClient(await dial(), {dial, clock: systemClock, reconnectMs})
    this.clients.push(client)
    return client
  }

  /** Publishes a `stack.loaded` of this name. */
  publish(...names: readonly string[]): void {
    for (const name of names) this.hub.publish({topic: 'stack.loaded', stack: `${name}-1`, name})
  }

  lose(): void {
    for (const connection of this.connections) connection.close(1001, '')
    this.connections.clear()
  }

  /** As after a `kill -9` and a new start: everybody is lost, and events count anew. */
  replace(): void {
    this.hub = new EventHub(systemClock, {events: 8, bytes: 1e6})
    this.epoch = `${this.epoch}+`
    this.lose()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.clients) await client.close()
  }

  private async dial(): Promise<Client> {
    this.dials += 1
    if (this.away) throw new HarnessError('DAEMON_UNREACHABLE', {subject: 'memory'})
    const [near, far] = memoryPair()
    converse(far, {via: 'memory', log: silentLog, onConnection: (connection) => this.answer(connection)})
    return openClient(near, {address: 'memory', client: {name: 'test', version: '1'}, clock: systemClock})
  }

  private answer(connection: Connection): Handle {
    this.connections.add(connection)
    const {hub: events, epoch} = this
    const metrics = {tally: new Tally()}
    const subscription = eventMethods({events, epoch, stacks: {all: () => []}, metrics}, connection)
    return (method, params, call: Call) => {
      if (method === 'initialize') return {protocolVersion, daemon: {version: '1', epoch, pid: 1}, plugins: []}
      if (method === 'events.subscribe') return subscription[method](params as never, call)
      return this.handle(method, params, call)
    }
  }
}

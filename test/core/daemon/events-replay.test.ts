import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {systemClock} from '../../../src/core/base/clock.js'
import {EventHub} from '../../../src/core/daemon/event-hub.js'
import {eventMethods} from '../../../src/core/daemon/methods/events.js'
import {Tally} from '../../../src/core/daemon/metrics/tally.js'
import {limits} from '../../../src/core/protocol/messages.js'
import type {DaemonEvent} from '../../../src/core/protocol/notifications.js'
import {handleWith, type Connection, type Handlers} from '../../../src/core/transport/connection.js'
import {eventually} from '../process/temporary.js'
import {openRaw, type RawMessage} from '../transport/raw-client.js'
import {startTinyDaemon, tinyHandler} from '../transport/tiny-daemon.js'

const mib = 1024 * 1024

describe('events that a client has missed', () => {
  it('all come before the answer, as fast as it reads, however much they are together', async () => {
    const count = (2 * limits.bufferedBytes) / mib
    const hub = new EventHub(systemClock, {events: count, bytes: 2 * count * mib})
    const source = {events: hub, epoch: 'epoch-1', stacks: {all: () => []}, metrics: {tally: new Tally()}}
    let atDaemon: Connection | undefined
    await using daemon = await startTinyDaemon({
      onConnection(connection) {
        atDaemon = connection
        const ours = handleWith(eventMethods(source, connection) as unknown as Handlers)
        const other = tinyHandler()
        return (method, params, call) => (method.startsWith('events.') ? ours : other)(method, params, call)
      },
    })
    for (let event = 0; event < count; event += 1) {
      hub.publish({topic: 'stack.loaded', stack: String(event), name: 'x'.repeat(mib)})
    }
    await using client = await openRaw(daemon)
    await client.initialize()
    const heard: RawMessage[] = []
    client.socket.removeAllListeners('message')
    client.socket.on('message', (data: Buffer) => {
      heard.push(JSON.parse(data.toString()) as RawMessage)
    })
    client.socket.pause()
    const params = {topics: [], snapshot: false, after: 0, epoch: 'epoch-1'}
    client.send(JSON.stringify({jsonrpc: '2.0', id: 2, method: 'events.subscribe', params}))
    await eventually(() => (atDaemon?.bufferedBytes ?? 0) > 0)
    hub.publish({topic: 'stack.loaded', stack: 'later', name: 'later'})
    client.socket.resume()
    await eventually(() => heard.length === count + 2)
    const seqs = heard.map(({params, id}) => (id === undefined ? (params as DaemonEvent).seq : 'answer'))
    const inOrder = Array.from({length: count + 1}, (_, index) => index + 1)
    assert.deepEqual(
      seqs.filter((seq) => seq !== 'answer'),
      inOrder,
    )
    assert.ok(seqs.indexOf('answer') >= count)
    assert.equal((heard.find(({id}) => id === 2)?.result as {seq: number}).seq, count)
  })
})

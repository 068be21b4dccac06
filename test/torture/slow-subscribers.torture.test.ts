import assert from 'node:assert/strict'
import {setImmediate} from 'node:timers/promises'
import {describe, it} from 'mocha'
import {systemClock} from '../../src/core/base/clock.js'
import {EventHub} from '../../src/core/daemon/event-hub.js'
import {eventMethods} from '../../src/core/daemon/methods/events.js'
import {Tally} from '../../src/core/daemon/metrics/tally.js'
import type {DaemonEvent, EventGap} from '../../src/core/protocol/notifications.js'
import {handleWith, type Handlers} from '../../src/core/transport/connection.js'
import {openRaw, type RawMessage} from '../core/transport/raw-client.js'
import {startTinyDaemon, tinyHandler} from '../core/transport/tiny-daemon.js'
import {until} from '../support/harness.js'
import {measured, printedRandom, size} from './support/sizes.js'

const events = size({quick: 40_000, full: 400_000})
const stalls = 20

/** Their text, so that a stalled client's socket is full after some hundred. */
const name = 'x'.repeat(1000)

describe(`a client that stalls ${stalls} times while ${events} events happen`, function () {
  this.timeout(120_000)

  it('has each event once, or in a gap that says how many; its neighbour has them all (W5)', async () => {
    const {random} = printedRandom()
    const hub = new EventHub(systemClock)
    const tally = new Tally()
    const source = {events: hub, epoch: 'epoch-1', stacks: {all: () => []}, metrics: {tally}}
    await using daemon = await startTinyDaemon({
      onConnection(connection) {
        const ours = handleWith(eventMethods(source, connection) as unknown as Handlers)
        const other = tinyHandler()
        return (method, params, call) => (method.startsWith('events.') ? ours : other)(method, params, call)
      },
    })
    await using slow = await openRaw(daemon)
    await using quick = await openRaw(daemon)
    const heard = {slow: [] as RawMessage[], quick: [] as RawMessage[]}
    for (const [who, client] of Object.entries({slow, quick})) {
      await client.initialize()
      await client.request(2, 'events.subscribe', {topics: [], snapshot: false})
      client.socket.removeAllListeners('message')
      client.socket.on('message', (data: Buffer) => {
        heard[who as keyof typeof heard].push(JSON.parse(data.toString()) as RawMessage)
      })
    }
    for (let stall = 0; stall < stalls; stall += 1) {
      slow.socket.pause()
      const here = Math.floor(((0.5 + random()) * events) / stalls)
      for (let event = 0; event < here; event += 1) {
        hub.publish({topic: 'stack.loaded', stack: String(event), name})
        // The neighbour has to get a turn.
        if (event % 50 === 0) await setImmediate()
      }
      slow.socket.resume()
      if (random() < 0.5) await until(() => lastSeq(heard.slow) === hub.seq, 'the slow one has come after')
    }
    await until(() => lastSeq(heard.slow) === hub.seq && lastSeq(heard.quick) === hub.seq, 'both have heard all')

    assert.equal(totalOf(heard.quick).lost, 0)
    assert.equal(totalOf(heard.quick).received, hub.seq)
    const {received, lost} = totalOf(heard.slow)
    assert.equal(received + lost, hub.seq, 'produced = received + Σ gap')
    assert.ok(lost > 0, 'the stalls were long enough')
    assert.equal(tally.eventsLeftOut, lost, 'the metric counts them')
    measured('events', `${hub.seq}, of which ${lost} were left out in ${gapsIn(heard.slow).length} gaps`)
    for (const messages of Object.values(heard)) {
      const numbers = messages.map(seqOf)
      assert.ok(
        numbers.every((seq, index) => index === 0 || seq > numbers[index - 1]!),
        'in their order, none twice',
      )
    }
  })
})

function seqOf({params}: RawMessage): number {
  return (params as DaemonEvent | EventGap).seq
}

function lastSeq(messages: readonly RawMessage[]): number {
  const last = messages.at(-1)
  return last ? seqOf(last) : 0
}

function gapsIn(messages: readonly RawMessage[]): readonly EventGap[] {
  return messages.flatMap(({method, params}) => (method === '$/gap' ? [params as EventGap] : []))
}

function totalOf(messages: readonly RawMessage[]): {readonly received: number; readonly lost: number} {
  const gaps = gapsIn(messages)
  return {received: messages.length - gaps.length, lost: gaps.reduce((sum, {gap}) => sum + gap, 0)}
}

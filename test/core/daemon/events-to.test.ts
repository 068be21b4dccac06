import assert from 'node:assert/strict'
import {setImmediate} from 'node:timers/promises'
import {describe, it} from 'mocha'
import {eventsTo} from '../../../src/core/daemon/methods/events-to.js'
import type {DaemonEvent, EventGap} from '../../../src/core/protocol/notifications.js'

const full = 1024 * 1024

/** A client that has read everything, or nothing since. */
function slowClient({missed = [], stalled = false}: {missed?: readonly DaemonEvent[]; stalled?: boolean} = {}) {
  const sent: string[] = []
  const drains: (() => void)[] = []
  const connection = {
    bufferedBytes: stalled ? full : 0,
    drained: () => new Promise<void>((resolve) => drains.push(resolve)),
    notify(method: string, params: object) {
      const {seq, gap} = params as DaemonEvent & EventGap
      sent.push(method === '$/gap' ? `gap of ${gap} to ${seq}` : String(seq))
    },
  }
  const events = eventsTo(connection, {missed})
  return {
    sent,
    events,
    stall: (): void => {
      connection.bufferedBytes = full
    },
    read: async (): Promise<void> => {
      connection.bufferedBytes = 0
      for (const drain of drains.splice(0)) drain()
      await setImmediate()
    },
  }
}

const state = (seq: number): DaemonEvent => ({seq, time: '', topic: 'stack.loaded', stack: 'x', name: 'x'})
const said = (seq: number): DaemonEvent => ({seq, time: '', topic: 'task.event', stack: 'x', task: 'x', event: seq})

describe('events on their way to a subscriber', () => {
  it('go at once to one that reads', () => {
    const {events, sent} = slowClient()
    events.push(state(1))
    events.push(said(2))
    assert.deepEqual(sent, ['1', '2'])
  })

  it('wait in their order for one that does not, but for what tasks say', async () => {
    const {events, sent, stall, read} = slowClient()
    stall()
    for (const event of [state(1), said(2), said(3), state(4), said(5)]) events.push(event)
    assert.deepEqual(sent, [])
    await read()
    assert.deepEqual(sent, ['1', 'gap of 2 to 3', '4', 'gap of 1 to 5'])
    events.push(state(6))
    assert.deepEqual(sent.slice(-1), ['6'])
  })

  it('are the newest thousand and a gap when there are too many', async () => {
    const {events, sent, stall, read} = slowClient()
    stall()
    for (let seq = 1; seq <= 5000; seq += 1) {
      const make = seq % 10 === 0 ? said : state
      events.push(make(seq))
    }
    await read()
    const [gap = '', first = '', ...rest] = sent
    const [, left, to] = /^gap of (\d+) to (\d+)$/.exec(gap) ?? []
    assert.equal(left, to)
    assert.equal(Number(first), Number(to) + 1)
    assert.equal(sent.length, 1000)
    assert.equal(rest.at(-1), 'gap of 1 to 5000')
  })

  it('are the newest few and a gap when they are large', async () => {
    const {events, sent, stall, read} = slowClient()
    stall()
    for (let seq = 1; seq <= 10; seq += 1) events.push({...state(seq), name: 'x'.repeat(full)} as DaemonEvent)
    await read()
    assert.deepEqual(sent, ['gap of 7 to 7', '8', '9', '10'])
  })

  it('come after all that was missed, which is sent as fast as the client reads', async () => {
    const missed = Array.from({length: 3000}, (_, index) => state(index + 1))
    const {events, sent, read} = slowClient({missed, stalled: true})
    assert.deepEqual(sent, [])
    events.push(state(3001))
    let isOver = false
    void events.caughtUp?.then(() => (isOver = true))
    await setImmediate()
    assert.equal(isOver, false)
    await read()
    assert.deepEqual(
      sent,
      Array.from({length: 3001}, (_, index) => String(index + 1)),
    )
    assert.equal(isOver, true)
    assert.equal(slowClient({missed}).events.caughtUp, undefined, 'one that reads has it at once')
  })

  it('are forgotten with the subscription', async () => {
    const {events, sent, stall, read} = slowClient()
    stall()
    events.push(state(1))
    events[Symbol.dispose]()
    await read()
    assert.deepEqual(sent, [])
  })
})

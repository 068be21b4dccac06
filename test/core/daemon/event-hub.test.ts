import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import {EventHub} from '../../../src/core/daemon/event-hub.js'
import type {DaemonEvent} from '../../../src/core/protocol/notifications.js'
import {FakeClock} from '../../../src/testing/fake-clock.js'

const loaded = (name: string) => ({topic: 'stack.loaded', stack: name, name}) as const
const numbers = (events: readonly DaemonEvent[] | undefined): readonly number[] | undefined =>
  events?.map(({seq}) => seq)

describe('EventHub', () => {
  it('numbers events from 1 and gives each its time', () => {
    const hub = new EventHub(new FakeClock())
    const heard: DaemonEvent[] = []
    using _subscription = hub.subscribe((event) => heard.push(event))
    assert.equal(hub.seq, 0)
    hub.publish(loaded('a'))
    hub.publish(loaded('b'))
    assert.deepEqual(heard, [
      {seq: 1, time: '2026-01-01T00:00:00.000Z', ...loaded('a')},
      {seq: 2, time: '2026-01-01T00:00:00.000Z', ...loaded('b')},
    ])
    assert.equal(hub.seq, 2)
  })

  it('gives what came after a number, as long as it is kept', () => {
    const hub = new EventHub(new FakeClock(), {events: 3, bytes: 1e6})
    for (const name of ['a', 'b', 'c', 'd', 'e']) hub.publish(loaded(name))
    assert.deepEqual(numbers(hub.since(5)), [])
    assert.deepEqual(numbers(hub.since(2)), [3, 4, 5])
    assert.equal(hub.since(1), undefined, 'event 2 is not kept any more')
    assert.equal(hub.since(6), undefined, 'there is no event 6')
  })

  it('keeps so many bytes at most, however few events they are', () => {
    const hub = new EventHub(new FakeClock(), {events: 100, bytes: 10_000})
    hub.publish(loaded('small'))
    for (const name of ['a', 'b', 'c']) hub.publish(loaded(name.repeat(2000)))
    assert.equal(hub.since(1), undefined)
    assert.deepEqual(numbers(hub.since(2)), [3, 4])
    hub.publish(loaded('d'.repeat(20_000)))
    assert.equal(hub.since(4), undefined, 'larger than all that is kept')
    assert.deepEqual(numbers(hub.since(5)), [])
  })

  it('knows everything from the beginning while it is young', () => {
    const hub = new EventHub(new FakeClock(), {events: 3, bytes: 1e6})
    assert.deepEqual(hub.since(0), [])
    hub.publish(loaded('a'))
    assert.deepEqual(numbers(hub.since(0)), [1])
  })

  it('keeps nothing of what tasks say, and all else beside it', () => {
    const hub = new EventHub(new FakeClock(), {events: 3, bytes: 1e6})
    const heard: DaemonEvent[] = []
    using _subscription = hub.subscribe((event) => heard.push(event))
    hub.publish(loaded('a'))
    for (let index = 0; index < 10; index += 1)
      hub.publish({topic: 'task.event', stack: 'x', task: 'seed', event: index})
    hub.publish(loaded('b'))
    assert.equal(heard.length, 12)
    assert.deepEqual(numbers(hub.since(0)), [1, 12])
    assert.deepEqual(numbers(hub.since(5)), [12])
    hub.publish(loaded('c'))
    hub.publish(loaded('d'))
    assert.equal(hub.since(0), undefined)
    assert.deepEqual(numbers(hub.since(1)), [12, 13, 14])
  })

  it('tells nobody who has left, also when they leave while they are told', () => {
    const hub = new EventHub(new FakeClock())
    const heard: string[] = []
    const first = hub.subscribe(({seq}) => {
      heard.push(`first ${seq}`)
      first[Symbol.dispose]()
    })
    using _second = hub.subscribe(({seq}) => heard.push(`second ${seq}`))
    hub.publish(loaded('a'))
    hub.publish(loaded('b'))
    assert.deepEqual(heard, ['first 1', 'second 1', 'second 2'])
  })
})

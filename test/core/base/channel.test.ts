import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import {createChannel} from '../../../src/core/base/channel.js'

async function all<T>(events: AsyncIterable<T>): Promise<T[]> {
  const seen: T[] = []
  for await (const event of events) seen.push(event)
  return seen
}

describe('channel', () => {
  it('gives every reader what is emitted from its subscription on', async () => {
    const channel = createChannel<number>()
    const early = channel.stream.subscribe()
    channel.emit(1)
    const late = channel.stream.subscribe()
    channel.emit(2)
    await channel[Symbol.asyncDispose]()
    assert.deepEqual(await all(early), [1, 2])
    assert.deepEqual(await all(late), [2])
  })

  it('wakes a reader that waits', async () => {
    const channel = createChannel<string>()
    const reader = channel.stream.subscribe()
    const first = reader.next()
    const second = reader.next()
    channel.emit('a')
    channel.emit('b')
    assert.deepEqual(await Promise.all([first, second]), [
      {done: false, value: 'a'},
      {done: false, value: 'b'},
    ])
  })

  it('carries every value, also undefined', async () => {
    const channel = createChannel<undefined>()
    const reader = channel.stream.subscribe()
    channel.emit(undefined)
    assert.deepEqual(await reader.next(), {done: false, value: undefined})
  })

  it('ends readers that wait, and those that come too late, when it is disposed of', async () => {
    const channel = createChannel<number>()
    const waiting = channel.stream.subscribe().next()
    await channel[Symbol.asyncDispose]()
    channel.emit(1)
    assert.deepEqual(await waiting, {done: true, value: undefined})
    assert.deepEqual(await all(channel.stream), [])
  })

  it('ends a reader that falls behind with an error, after what it still holds, and lets the others be', async () => {
    const channel = createChannel<number>()
    const slow = channel.stream.subscribe({buffer: 2})
    const other = channel.stream.subscribe()
    for (const event of [1, 2, 3, 4]) channel.emit(event)
    await channel[Symbol.asyncDispose]()
    assert.deepEqual(
      [await slow.next(), await slow.next()].map((result) => result.value as number),
      [1, 2],
    )
    await assert.rejects(slow.next(), {message: 'An event reader fell more than 2 events behind.'})
    assert.deepEqual(await slow.next(), {done: true, value: undefined})
    assert.deepEqual(await all(other), [1, 2, 3, 4])
  })

  it('loses the oldest events where the reader chose so', async () => {
    const channel = createChannel<number>()
    const reader = channel.stream.subscribe({buffer: 2, overflow: 'drop-oldest'})
    for (const event of [1, 2, 3]) channel.emit(event)
    await channel[Symbol.asyncDispose]()
    assert.deepEqual(await all(reader), [2, 3])
  })

  it('ends a reader quietly when its signal aborts, before or after', async () => {
    const channel = createChannel<number>()
    const controller = new AbortController()
    const reader = channel.stream.subscribe({signal: controller.signal})
    channel.emit(1)
    controller.abort()
    channel.emit(2)
    assert.deepEqual(await all(reader), [1])
    assert.deepEqual(await all(channel.stream.subscribe({signal: controller.signal})), [])
  })

  it('forgets a reader that breaks off', async () => {
    const channel = createChannel<number>()
    const reader = channel.stream.subscribe({buffer: 1})
    channel.emit(1)
    for await (const event of reader) {
      assert.equal(event, 1)
      break
    }
    channel.emit(2)
    channel.emit(3)
    assert.deepEqual(await reader.next(), {done: true, value: undefined})
  })
})

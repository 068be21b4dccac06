import {strict as assert} from 'node:assert'
import {describe, it} from 'mocha'
import type {EventItem} from '../../../../src/core/client/api/events.js'
import {MemoryDaemon} from './memory-daemon.js'

/** The next items: names, and snapshots with their gap. */
async function take(events: AsyncIterator<EventItem, undefined>, count: number): Promise<string[]> {
  const shown: string[] = []
  for (let left = count; left > 0; left -= 1) {
    const {value} = await events.next()
    shown.push(value === undefined ? 'end' : show(value))
  }
  return shown
}

function show(item: EventItem): string {
  if (item.topic === 'snapshot') return item.gap ? 'gap' : 'snapshot'
  return item.topic === 'stack.loaded' ? item.name : item.topic
}

describe('client.events', () => {
  it('brings what happens once it is ready, and ends when the loop is left', async () => {
    await using daemon = new MemoryDaemon()
    const client = await daemon.client()
    const events = client.events()
    await events.ready
    daemon.publish('a', 'b', 'c')
    const seen: string[] = []
    for await (const item of events) {
      seen.push(show(item))
      if (seen.length === 2) break
    }
    assert.deepEqual(seen, ['a', 'b'])
    assert.deepEqual(await events.next(), {done: true, value: undefined})
  })

  it('begins with a snapshot when it is asked for', async () => {
    await using daemon = new MemoryDaemon()
    daemon.publish('before')
    const client = await daemon.client()
    const events = client.events({snapshot: true})
    await events.ready
    daemon.publish('a')
    assert.deepEqual(await take(events, 2), ['snapshot', 'a'])
    assert.deepEqual((await events.return()).done, true)
  })

  it('loses none and repeats none when the connection is lost, also while nobody reads', async () => {
    await using daemon = new MemoryDaemon()
    const client = await daemon.client()
    const events = client.events()
    await events.ready
    daemon.publish('a', 'b')
    daemon.lose()
    daemon.publish('c')
    assert.deepEqual(await take(events, 3), ['a', 'b', 'c'])
    daemon.away = true
    daemon.lose()
    daemon.publish('d', 'e')
    daemon.away = false
    daemon.publish('f')
    assert.deepEqual(await take(events, 3), ['d', 'e', 'f'])
  })

  it('says that there is a gap when the daemon keeps no more what was missed, or is another one', async () => {
    await using daemon = new MemoryDaemon()
    const client = await daemon.client()
    const events = client.events()
    await events.ready
    daemon.publish('a')
    assert.deepEqual(await take(events, 1), ['a'])
    daemon.lose()
    daemon.publish(...Array.from({length: 20}, (_, index) => `n${index}`))
    assert.deepEqual(await take(events, 1), ['gap'])
    daemon.publish('b')
    assert.deepEqual(await take(events, 1), ['b'])
    daemon.replace()
    assert.deepEqual(await take(events, 1), ['gap'])
    daemon.publish('c')
    assert.deepEqual(await take(events, 1), ['c'])
  })

  it('sees no gap where only events of other topics are kept no more', async () => {
    await using daemon = new MemoryDaemon()
    const client = await daemon.client()
    const events = client.events({topics: ['stack.loaded']})
    await events.ready
    daemon.publish('a')
    assert.deepEqual(await take(events, 1), ['a'])
    daemon.lose()
    for (let left = 20; left > 0; left -= 1) {
      daemon.hub.publish({topic: 'task.state', stack: 's-1', task: 't', status: {} as never})
    }
    daemon.publish('b')
    assert.deepEqual(await take(events, 1), ['b'])
  })

  it('goes on after any item that it brought before', async () => {
    await using daemon = new MemoryDaemon()
    const client = await daemon.client()
    daemon.publish('a', 'b', 'c')
    const {value: first} = await client.events({snapshot: true}).next()
    assert.ok(first)
    daemon.publish('d')
    assert.deepEqual(await take(client.events({after: first}), 1), ['d'])
    assert.deepEqual(await take(client.events({after: {epoch: first.epoch, seq: 1}}), 3), ['b', 'c', 'd'])
    assert.deepEqual(await take(client.events({after: {epoch: 'other', seq: 1}}), 1), ['gap'])
  })

  it('holds no more than its buffer for a reader that is slow, and loses nothing of what the daemon keeps', async () => {
    await using daemon = new MemoryDaemon()
    const client = await daemon.client()
    const events = client.events({buffer: 2})
    await events.ready
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
    daemon.publish(...names)
    await client.call('stack.list', {})
    assert.deepEqual(await take(events, names.length), names)
    daemon.publish('h')
    assert.deepEqual(await take(events, 1), ['h'])
  })

  it('fails when the daemon stays away, and when it is refused', async () => {
    await using daemon = new MemoryDaemon()
    const client = await daemon.client(30)
    const events = client.events()
    await events.ready
    daemon.away = true
    daemon.lose()
    await assert.rejects(events.next(), {code: 'DAEMON_UNREACHABLE'})
    const never = client.events()
    await assert.rejects(never.ready, {code: 'DAEMON_UNREACHABLE'})
  })

  it('ends quietly with its signal and with its client', async () => {
    await using daemon = new MemoryDaemon()
    const client = await daemon.client()
    const controller = new AbortController()
    const one = client.events({signal: controller.signal})
    const other = client.events()
    await Promise.all([one.ready, other.ready])
    const next = one.next()
    controller.abort()
    assert.equal((await next).done, true)
    await client.close()
    assert.equal((await other.next()).done, true)
  })
})

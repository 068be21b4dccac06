import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import type {ProcessEvent} from '@service-harness/cli/plugin'
import {openTestHost} from '@service-harness/cli/testing'
import {toEvent} from '../src/event.js'
import register from '../src/register.js'

const at = '2026-01-01T00:00:00.000Z'

describe('events of a store', () => {
  const line = (text: string): ProcessEvent => ({kind: 'line', at, stream: 'stdout', text})

  it('tell what was stored', () => {
    assert.deepEqual(toEvent(line('stored a key')), {kind: 'stored', key: 'a key'})
  })

  it('tell how it ended', () => {
    assert.deepEqual(toEvent({kind: 'exited', at, status: {by: 'code', code: 0}}), {kind: 'ended', well: true})
    assert.deepEqual(toEvent({kind: 'exited', at, status: {by: 'signal', signal: 'SIGKILL'}}), {
      kind: 'ended',
      well: false,
    })
  })

  it('are not made of other lines', () => {
    for (const text of ['', 'stored', 'stored ', 'listening on 7070']) assert.equal(toEvent(line(text)), undefined)
    assert.equal(toEvent({kind: 'started', at}), undefined)
  })

  it('reach whoever listens', async () => {
    await using host = await openTestHost({register})
    const events = host.client.events({topics: ['service.event']})
    await events.ready
    await using _stack = await host.start({services: {store: {service_type: 'my-plugin'}}})
    for await (const item of events) {
      if (item.topic !== 'service.event') continue
      assert.deepEqual([item.service, item.event], ['store', {kind: 'stored', key: 'greeting'}])
      return
    }
  })
})

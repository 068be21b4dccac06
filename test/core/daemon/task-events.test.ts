import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import {taskEventsTo} from '../../../src/core/daemon/methods/task-events.js'
import type {Call} from '../../../src/core/transport/connection.js'

/** A client for which as much waits as the test says. */
function slowClient() {
  const sent: unknown[] = []
  const drains: ((error?: Error) => void)[] = []
  const connection = {
    bufferedBytes: 0,
    drained: () =>
      new Promise<void>((resolve, reject) => {
        drains.push((error) => {
          if (error) reject(error)
          else resolve()
        })
      }),
  }
  const call = {connection, progress: (payload: unknown) => sent.push(payload)} as unknown as Call
  return {connection, sent, drains, events: taskEventsTo(call)}
}

const kib = 1024

describe('what tasks say, on its way to a client', () => {
  it('goes at once to one that reads', async () => {
    const {events, sent} = slowClient()
    events.onEvent('seed', {step: 1})
    await events.room()
    assert.deepEqual(sent, [{task: 'seed', event: {step: 1}}])
  })

  it('waits for one that reads more slowly', async () => {
    const {events, connection, drains} = slowClient()
    connection.bufferedBytes = 300 * kib
    const room = events.room()
    connection.bufferedBytes = 0
    drains[0]?.()
    await room
    assert.equal(drains.length, 1)
  })

  it('is left out for one that does not read, and comes again when it does', async () => {
    const {events, sent, connection, drains} = slowClient()
    connection.bufferedBytes = 300 * kib
    const room = events.room()
    drains[0]?.(new Error('gone'))
    await room
    events.onEvent('seed', 1)
    await events.room()
    assert.equal(drains.length, 1, 'it is not waited for again')
    connection.bufferedBytes = 0
    events.onEvent('seed', 2)
    connection.bufferedBytes = 600 * kib
    events.onEvent('seed', 3)
    assert.deepEqual(sent, [{task: 'seed', event: 2}])
  })
})

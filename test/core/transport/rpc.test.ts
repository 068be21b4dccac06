import {strict as assert} from 'node:assert'
import {describe, it} from 'mocha'
import {HarnessError} from '../../../src/core/base/errors.js'
import {toErrorObject} from '../../../src/core/protocol/errors.js'
import type {IncomingRequest, RequestHandler} from '../../../src/core/transport/incoming-requests.js'
import {memoryPair} from '../../../src/core/transport/memory-pair.js'
import type {MessageSocketEvents} from '../../../src/core/transport/message-socket.js'
import {createPeer, type Peer} from '../../../src/core/transport/rpc.js'
import {createFakeClock} from './fake-clock.js'
import {until} from './until.js'

const clock = createFakeClock()

function pair(onRequest: RequestHandler): {readonly near: Peer; readonly far: Peer} {
  const [left, right] = memoryPair()
  const far = createPeer({socket: right, address: 'near', clock, onRequest})
  const near = createPeer({socket: left, address: 'far', clock, onRequest: () => ({result: 'from near'})})
  return {near, far}
}

describe('an RPC peer', () => {
  it('asks and answers both ways, in any order', async () => {
    const releases: (() => void)[] = []
    const {near, far} = pair(({method}) =>
      method === 'slow'
        ? new Promise((resolve) => releases.push(resolve.bind(undefined, {result: 'slow'})))
        : {result: method},
    )
    const slow = near.request('slow', {})
    assert.equal(await near.request('quick', {}), 'quick')
    assert.equal(await far.request('x', {}), 'from near')
    releases[0]?.()
    assert.equal(await slow, 'slow')
    near.terminate()
  })

  it('gives a request its notifications, in order and before its answer', async () => {
    const {near, far} = pair(({id}) => {
      for (const n of [1, 2, 3]) far.notify('$/progress', {id, n})
      return {result: null}
    })
    const heard: unknown[] = []
    await near.request('x', {}, {onNotification: ({params}) => heard.push((params as {n: number}).n)})
    assert.deepEqual(heard, [1, 2, 3])
    near.terminate()
  })

  it('rejects with the error that the other end threw', async () => {
    const error = new HarnessError('PORT_BUSY', {subject: '8080', reason: 'nginx has it', details: {pid: 1}})
    const {near} = pair(({method}) => ({error: toErrorObject(error, method)}))
    await assert.rejects(near.request('x', {}), {
      code: 'PORT_BUSY',
      message: error.message,
      hint: error.hint,
      details: {pid: 1},
      exit: 4,
    })
    near.terminate()
  })

  it('answers INTERNAL when a result is nothing that JSON can hold, and goes on', async () => {
    const {near} = pair(({method}) => ({result: method === 'huge' ? 1n : 1}))
    await assert.rejects(near.request('huge', {}), {code: 'INTERNAL', subject: 'huge'})
    assert.equal(await near.request('x', {}), 1)
    await assert.rejects(near.request('y', {n: 1n}), TypeError)
    assert.equal(await near.request('z', {}), 1)
    near.terminate()
  })

  it('tells the other end of a cancelled request and rejects with the reason at once', async () => {
    const asked: IncomingRequest[] = []
    const {near} = pair((request) => {
      asked.push(request)
      return new Promise(() => undefined)
    })
    const controller = new AbortController()
    const answer = near.request('x', {}, {signal: controller.signal})
    await until(() => asked.length === 1)
    const reason = new Error('Ctrl-C')
    controller.abort(reason)
    await assert.rejects(answer, reason)
    await until(() => asked[0]?.signal.aborted === true)
    await assert.rejects(near.request('x', {}, {signal: controller.signal}), reason)
    near.terminate()
  })

  it('rejects all that is pending, and all that comes later, when the connection is lost', async () => {
    const {near, far} = pair(() => new Promise(() => undefined))
    const pending = [near.request('a', {}), near.request('b', {}), near.drained(0)]
    far.close(4003, 'the daemon shuts down')
    const lost = {code: 'CONNECTION_LOST', subject: 'far', reason: 'the daemon shuts down', exit: 7}
    for (const one of pending) await assert.rejects(one, lost)
    await assert.rejects(near.request('c', {}), lost)
    assert.ok(near.closed.aborted)
    near.notify('x', {})
  })

  it('waits for a slow other end', async () => {
    let events: MessageSocketEvents | undefined
    const socket = {
      bufferedBytes: 500_000,
      send: () => undefined,
      ping: () => undefined,
      close: () => undefined,
      pause: () => undefined,
      resume: () => undefined,
      terminate: () => undefined,
      listen: (given: MessageSocketEvents) => (events = given),
    }
    const peer = createPeer({socket, address: 'slow', clock, onRequest: () => ({result: null})})
    let drained = false
    const waiting = peer.drained(256 * 1024).then(() => (drained = true))
    events?.onDrain()
    await Promise.resolve()
    assert.equal(drained, false)
    socket.bufferedBytes = 1000
    events?.onDrain()
    await waiting
    await peer.drained(256 * 1024)
    socket.bufferedBytes = 500_000
    const controller = new AbortController()
    const aborted = peer.drained(1, controller.signal)
    controller.abort(new Error('enough'))
    await assert.rejects(aborted, /enough/)
    events?.onClose(1006, '')
  })

  it('leaves no timer behind', async () => {
    const before = clock.timers
    const {near} = pair(() => ({result: 1}))
    await near.request('x', {})
    assert.equal(clock.timers, before + 2)
    near.terminate()
    await until(() => clock.timers === before)
  })
})

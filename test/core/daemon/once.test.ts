import assert from 'node:assert/strict'
import {setImmediate} from 'node:timers/promises'
import {describe, it} from 'mocha'
import {answerOnce} from '../../../src/core/daemon/answer-once.js'
import {Once} from '../../../src/core/daemon/once.js'
import {limits} from '../../../src/core/protocol/messages.js'
import type {Call, Connection} from '../../../src/core/transport/connection.js'

describe('Once', () => {
  it('does the work of one key once, also while it is under way', async () => {
    const once = new Once()
    let runs = 0
    const work = () => Promise.resolve((runs += 1))
    assert.deepEqual(await Promise.all([once.run('a', '', work), once.run('a', '', work)]), [1, 1])
    assert.deepEqual([await once.run('a', '', work), await once.run('b', '', work), runs], [1, 2, 2])
  })

  it('lets what failed be tried again', async () => {
    const once = new Once()
    await assert.rejects(
      once.run('a', '', () => Promise.reject(new Error('the disk is full'))),
      /full/,
    )
    assert.equal(await once.run('a', '', () => Promise.resolve('done')), 'done')
  })

  it('refuses a key that came before with another request', async () => {
    const once = new Once()
    await once.run('task.run a', '1', () => Promise.resolve(1))
    assert.throws(() => once.run('task.run a', '2', () => Promise.resolve(2)), {
      code: 'REQUEST_INVALID',
      subject: 'task.run a',
      reason: 'this requestId came before with other params',
    })
    assert.equal(await once.run('task.run a', '1', () => Promise.resolve(2)), 1)
  })

  it('takes no new work once it is closed, and still knows the old', async () => {
    const once = new Once()
    await once.run('a', '', () => Promise.resolve(1))
    once.close()
    assert.equal(await once.run('a', '', () => Promise.resolve(2)), 1)
    assert.throws(() => once.run('b', '', () => Promise.resolve(2)), {code: 'DAEMON_UNREACHABLE'})
  })

  it('forgets the oldest when they are too large, but never the newest', async () => {
    const once = new Once({answers: 100, bytes: 1000})
    let runs = 0
    const work = (size: number) => () => {
      runs += 1
      return Promise.resolve('x'.repeat(size))
    }
    await once.run('a', '', work(600))
    await once.run('b', '', work(600))
    await once.run('a', '', work(10))
    assert.equal(runs, 3, 'a was forgotten')
    await once.run('c', '', work(5000))
    await once.run('c', '', work(5000))
    assert.equal(runs, 4)
    await once.run('b', '', work(10))
    assert.equal(runs, 5)
  })

  it('forgets the oldest when there are too many', async () => {
    const once = new Once({answers: 2, bytes: 1e6})
    let runs = 0
    const work = () => Promise.resolve((runs += 1))
    for (const key of ['a', 'b', 'c']) await once.run(key, '', work)
    assert.equal(await once.run('b', '', work), 2)
    assert.equal(await once.run('a', '', work), 4)
  })

  it('forgets nothing that is under way', async () => {
    const once = new Once({answers: 2, bytes: 1e6})
    let runs = 0
    let finish = (): void => undefined
    const slow = () =>
      new Promise<number>((resolve) => {
        finish = () => {
          resolve((runs += 1))
        }
      })
    const first = once.run('slow', '', slow)
    for (const key of ['a', 'b', 'c']) await once.run(key, '', () => Promise.resolve(0))
    const again = once.run('slow', '', slow)
    finish()
    assert.deepEqual(await Promise.all([first, again]), [1, 1])
  })
})

describe('requests that are taken back while their work goes on', () => {
  it('count for their client until it is done: too many are BUSY, and others are not', async () => {
    const ends: (() => void)[] = []
    const handle = answerOnce(
      new Once(),
      () =>
        new Promise((resolve) => {
          ends.push(() => {
            resolve({})
          })
        }),
    )
    const [greedy, other] = [{}, {}] as [Connection, Connection]
    const ask = (connection: Connection, requestId: string, signal: AbortSignal): Promise<unknown> =>
      Promise.resolve(handle('service.restart', {requestId}, {connection, signal} as Call))
    for (let count = 0; count < limits.requestsInFlight; count += 1) {
      const taken = new AbortController()
      const answer = ask(greedy, `r${count}`, taken.signal)
      taken.abort(new Error('taken back'))
      await assert.rejects(answer, /taken back/)
    }
    const {signal} = new AbortController()
    await assert.rejects(ask(greedy, 'more', signal), {code: 'BUSY', subject: 'service.restart'})
    const answers = [ask(other, 'other', signal)]
    ends[0]?.()
    await setImmediate()
    answers.push(ask(greedy, 'more', signal))
    for (const end of ends) end()
    assert.deepEqual(await Promise.all(answers), [{}, {}])
  })
})

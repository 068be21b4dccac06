import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import {Once} from '../../../src/core/daemon/once.js'

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

  it('forgets the oldest when there are too many', async () => {
    const once = new Once(2)
    let runs = 0
    const work = () => Promise.resolve((runs += 1))
    for (const key of ['a', 'b', 'c']) await once.run(key, '', work)
    assert.equal(await once.run('b', '', work), 2)
    assert.equal(await once.run('a', '', work), 4)
  })
})

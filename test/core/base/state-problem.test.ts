import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {isHarnessError} from '../../../src/core/base/errors.js'
import {stateProblem} from '../../../src/core/base/state-problem.js'

function reasonOf(code: string): string | undefined {
  const problem = stateProblem('/state', Object.assign(new Error(`${code}: no`), {code}))
  assert.ok(isHarnessError(problem) && problem.code === 'STATE_UNSAFE')
  assert.equal(problem.subject, '/state')
  return problem.reason
}

describe('stateProblem', () => {
  it('says in words what the system says in codes', () => {
    assert.equal(reasonOf('EACCES'), 'permission denied')
    assert.equal(reasonOf('EROFS'), 'its file system is read-only')
    assert.equal(reasonOf('ENOSPC'), 'no space is left on its disk')
    assert.equal(reasonOf('ETXTBSY'), 'ETXTBSY: no')
  })

  it('leaves errors that are not of the system as they are', () => {
    const mistake = new TypeError('x is not a function')
    assert.equal(stateProblem('/state', mistake), mistake)
    assert.equal(stateProblem('/state', 'text'), 'text')
    // Node's own codes and ours are no words of the system.
    for (const code of ['ERR_INVALID_ARG_TYPE', 'STATE_UNSAFE']) {
      const error = Object.assign(new Error('no'), {code})
      assert.equal(stateProblem('/state', error), error)
    }
  })
})

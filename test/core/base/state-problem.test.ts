import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {isHarnessError} from '../../../src/core/base/errors.js'
import {stateProblem} from '../../../src/core/base/state-problem.js'

function reasonOf(code: string): string | undefined {
  const problem = stateProblem('/state', Object.assign(new Error(`${code}: no`), {code}))
  assert.ok(isHarnessError(problem) && problem.code === 'STATE_UNSAFE')
  assert.equal(problem.subject, '/state')
  assert.match(problem.hint, /or choose another directory with `export HARNESS_STATE_DIR=DIR`\.$/)
  return problem.reason
}

describe('stateProblem', () => {
  it('says in words what the system says in codes', () => {
    assert.equal(reasonOf('EACCES'), 'permission denied')
    assert.equal(reasonOf('EROFS'), 'its file system is read-only')
    assert.equal(reasonOf('ENOSPC'), 'no space is left on its disk')
    assert.equal(reasonOf('ETXTBSY'), 'ETXTBSY: no')
  })

  it('names the thing, says why, and what to type', () => {
    const problem = stateProblem('/a/state', Object.assign(new Error('no'), {code: 'EACCES'}))
    assert.ok(isHarnessError(problem))
    assert.equal(problem.message, "harness cannot use '/a/state' for its state: permission denied.")
    assert.match(problem.hint, /^See whose it is with `ls -ld '\/a' '\/a\/state'`/)
    const full = stateProblem('/a/state', Object.assign(new Error('no'), {code: 'ENOSPC'}))
    assert.ok(isHarnessError(full))
    assert.match(full.hint, /^Free some space \(see `df -h`\)/)
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

import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {SeenLines} from '../../../src/cli/foreground/follow-logs.js'

const line = (service: string, attempt: number, offset: number, stream: 'stderr' | 'stdout' = 'stdout') => ({
  service,
  attempt,
  offset,
  stream,
})

describe('the lines of a session', () => {
  it('are each shown once', () => {
    const seen = new SeenLines(new Map([['api', 1]]))
    assert.equal(seen.isNext(line('api', 1, 10)), true)
    assert.equal(seen.isNext(line('api', 1, 10)), false)
    assert.equal(seen.isNext(line('api', 1, 0, 'stderr')), true)
    assert.equal(seen.isMissing(line('api', 1, 10)), false)
    assert.equal(seen.isMissing(line('api', 1, 20)), true)
    assert.equal(seen.isMissing(line('api', 1, 20)), false)
  })

  it('leave out at the end what was printed before the session', () => {
    const seen = new SeenLines(new Map([['api', 1]]))
    assert.equal(seen.isMissing(line('api', 1, 0)), false)
    assert.equal(seen.isMissing(line('api', 2, 0)), true)
    assert.equal(seen.isMissing(line('seed', 1, 0)), true)
  })
})

import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {stopLines} from '../../src/cli/stop-lines.js'
import type {FailureReport, ServiceStatus} from '../../src/core/contract/status.js'

const service = (name: string, state: ServiceStatus['state']) => ({name, state})
const failed = [{name: 'c'} as FailureReport]

describe('what a stop says', () => {
  it('names what it stopped', () => {
    assert.deepEqual(stopLines({stopped: ['b', 'a'], failed: []}, [], []), ['Stopped b, a.'])
  })

  it('says of a named service that it is not running, and what is', () => {
    const services = [service('a', 'Stopped'), service('b', 'Running'), service('c', 'Starting')]
    assert.deepEqual(stopLines({stopped: [], failed: []}, ['a'], services), ['a is not running; b, c are.'])
    assert.deepEqual(stopLines({stopped: [], failed: []}, ['a', 'd'], services.slice(0, 2)), [
      'a, d are not running; b is.',
    ])
    assert.deepEqual(stopLines({stopped: [], failed: []}, ['a'], services.slice(0, 1)), [
      'a is not running; nothing of this stack is.',
    ])
  })

  it('says both of a stop that had something to do and something not', () => {
    const services = [service('a', 'Stopped'), service('b', 'Stopped'), service('c', 'Failed')]
    assert.deepEqual(stopLines({stopped: ['b'], failed}, ['a', 'b', 'c'], services), [
      'Stopped b.',
      'a is not running; nothing of this stack is.',
    ])
  })

  it('says that nothing runs when nothing was named, and leaves failures to their own report', () => {
    assert.deepEqual(stopLines({stopped: [], failed: []}, [], [service('a', 'Failed')]), ['Nothing is running.'])
    assert.deepEqual(stopLines({stopped: [], failed}, [], []), [])
  })
})

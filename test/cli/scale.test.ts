import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {parseScales} from '../../src/cli/parse-scale.js'
import {scaleLine} from '../../src/cli/scale-services.js'

describe('a scale', () => {
  it('is SERVICE=NUMBER, once for each service', () => {
    assert.deepEqual(parseScales(['api=3', 'worker=0']), [
      {service: 'api', replicas: 3},
      {service: 'worker', replicas: 0},
    ])
    for (const text of ['api', 'api=', '=3', 'api=-1', 'api=1.5', 'api=many', 'api=1001']) {
      assert.throws(() => parseScales([text]), {code: 'USAGE', subject: text}, text)
    }
    assert.throws(() => parseScales(['api=1', 'api=2']), {code: 'USAGE', reason: 'it is named twice'})
  })

  it('says what it started and what it stopped', () => {
    const scaled = {service: 'api', replicas: 3, started: ['api-2', 'api-3'], stopped: []}
    assert.equal(scaleLine(scaled), 'api=3: started api-2, api-3.')
    assert.equal(scaleLine({...scaled, replicas: 1, started: [], stopped: ['api-3']}), 'api=1: stopped api-3.')
    assert.equal(scaleLine({...scaled, started: []}), 'api=3: nothing to do.')
  })
})

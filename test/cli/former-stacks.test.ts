import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {formerStackLines} from '../../src/cli/former-stacks.js'

const file = '/project/harness.yaml'
const shop = {stack: 'shop-1', name: 'shop', file, running: 0, total: 2}
const demo = {stack: 'demo-1', name: 'demo', file, running: 2, total: 2, renamedTo: 'shop-1'}

describe('a stack whose file has another name now', () => {
  it('is said with both names and what to type, while something of it runs', () => {
    assert.deepEqual(formerStackLines([shop, demo], file), [
      "Still up: 2 services of 'demo', the name of this stack before it was 'shop'. See `harness status --stack demo`, end with `harness stop --stack demo`.",
    ])
    assert.match(formerStackLines([shop, {...demo, running: 1}], file)[0] ?? '', /^Still up: 1 service of 'demo'/)
  })

  it('is named by its id where another stack has its name', () => {
    const other = {...shop, stack: 'demo-2', name: 'demo', file: '/other/harness.yaml'}
    assert.match(formerStackLines([shop, demo, other], file)[0] ?? '', /harness stop --stack demo-1`\.$/)
  })

  it('is not said when nothing of it runs, nor for another file', () => {
    assert.deepEqual(formerStackLines([shop, {...demo, running: 0}], file), [])
    assert.deepEqual(formerStackLines([shop, demo], '/other/harness.yaml'), [])
  })
})

import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {stackListLines} from '../../src/cli/list-stacks.js'
import {createStyle} from '../../src/cli/style.js'

const style = createStyle(false)
const shop = {stack: 'shop-1', name: 'shop', file: '/b/shop/harness.yaml', running: 0, total: 2}

describe('the list of stacks', () => {
  it('says what to type where there is none', () => {
    assert.deepEqual(stackListLines([], style), [
      'No stack has been started. `harness start` starts that of this folder.',
    ])
  })

  it('has each with its id and its file, and a note where the file is another stack now', () => {
    const demo = {...shop, stack: 'demo-1', name: 'demo', running: 2, environment: 'staging', renamedTo: 'shop-1'}
    assert.deepEqual(stackListLines([demo, shop], style), [
      'STACK  RUNNING  ENV      ID      FILE                  NOTE',
      "demo   2/2      staging  demo-1  /b/shop/harness.yaml  is 'shop' now",
      'shop   0/2               shop-1  /b/shop/harness.yaml',
    ])
  })
})

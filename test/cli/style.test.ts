import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {createStyle, wantsColour} from '../../src/cli/style.js'

describe('colours', () => {
  it('are for terminals, unless somebody says no', () => {
    assert.equal(wantsColour({env: {}, isTty: true, flag: true}), true)
    assert.equal(wantsColour({env: {}, isTty: false, flag: true}), false)
    assert.equal(wantsColour({env: {}, isTty: true, flag: false}), false)
    assert.equal(wantsColour({env: {NO_COLOR: '1'}, isTty: true, flag: true}), false)
    assert.equal(wantsColour({env: {TERM: 'dumb'}, isTty: true, flag: true}), false)
    assert.equal(wantsColour({env: {FORCE_COLOR: '1'}, isTty: false, flag: true}), true)
  })

  it('leave text alone when they are off', () => {
    assert.equal(createStyle(false).red('x'), 'x')
    assert.equal(createStyle(true).red('x'), '\x1B[31mx\x1B[39m')
  })
})

import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {knownAction} from '../../../src/core/base/action-name.js'

describe('the name of an action', () => {
  const names = ['mine', 'mine-blocks', 'set-balance']

  it('is taken as it is, and in PascalCase', () => {
    assert.equal(knownAction(names, 'mine-blocks'), 'mine-blocks')
    assert.equal(knownAction(names, 'MineBlocks'), 'mine-blocks')
    assert.equal(knownAction(names, 'SetBalance'), 'set-balance')
    assert.equal(knownAction(names, 'Mine'), 'mine')
  })

  it('is not guessed', () => {
    for (const asked of ['mineBlocks', 'Mineblocks', 'mine_blocks', 'MINE', 'toString', '']) {
      assert.equal(knownAction(names, asked), undefined, asked)
    }
  })

  it('is that of the type where a type spells it so', () => {
    assert.equal(knownAction(['mine-blocks', 'MineBlocks'], 'MineBlocks'), 'MineBlocks')
  })
})

import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {toolNames} from '../../../plugins/mcp/src/tools/tool-names.js'

const named = (...words: readonly string[]) => ({words, identity: JSON.stringify(words)})

describe('names of tools', () => {
  it('are made of their words', () => {
    assert.deepEqual(toolNames([named('action', 'chain', 'mine'), named('action', 'my-chain', 'mine')]), [
      'action_chain_mine',
      'action_my-chain_mine',
    ])
  })

  it('are told apart where the words run into each other, and stay the same whoever else is there', () => {
    const [one, other] = [named('action', 'a_b', 'c'), named('action', 'a', 'b_c')]
    const names = toolNames([one, other])
    assert.equal(new Set(names).size, 2)
    for (const name of names) assert.match(name, /^action_a_b_c_[0-9a-f]{8}$/)
    assert.deepEqual(toolNames([other, one]), names.toReversed())
  })

  it('have the letters and the length that agents take', () => {
    const strange = toolNames([named('action', 'chain', 'see it: now'), named('action', 'chain', 'see it. now')])
    const long = toolNames([named('action', 's'.repeat(63), 'mine'), named('action', 's'.repeat(63), 'fund')])
    const names = [...strange, ...long]
    assert.equal(new Set(names).size, 4)
    for (const name of names) assert.match(name, /^[a-zA-Z0-9_-]{1,64}$/)
    assert.match(strange[0] ?? '', /^action_chain_see_it__now_/)
  })
})

import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import {isName, newId, shortHash, toName} from '../../../src/core/base/ids.js'

describe('names', () => {
  for (const name of ['a', '0', 'graph-node', 'a_b', 'a'.repeat(63)]) {
    it(`takes '${name}'`, () => {
      assert.equal(isName(name), true)
    })
  }

  const hostile = ['', '../x', '-rf', '_a', 'A', 'a b', 'a.b', 'a/b', 'a\0', 'a\n', '__proto__', '\x1b[2J', 'ä', 'a‮b']
  for (const name of [...hostile, 'a'.repeat(64), 7, null, undefined, ['a']]) {
    it(`refuses ${JSON.stringify(name)}`, () => {
      assert.equal(isName(name), false)
    })
  }

  it('can be made of any text', () => {
    const texts = ['My Stack', 'ok', '__x', '../..', '', 'Ünï', 'x'.repeat(100), '日本', '-'.repeat(70) + 'a']
    const names = ['my-stack', 'ok', 'x', 'stack', 'stack', 'n-', 'x'.repeat(63), 'stack', 'a']
    assert.deepEqual(texts.map(toName), names)
    for (const name of names) assert.ok(isName(name), name)
  })
})

describe('identities', () => {
  it('are new each time', () => {
    assert.notEqual(newId(), newId())
    assert.match(newId(), /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/)
  })

  it('are the same for the same text when they are hashes', () => {
    assert.equal(shortHash('/srv/harness.yaml'), shortHash('/srv/harness.yaml'))
    assert.notEqual(shortHash('a'), shortHash('b'))
    assert.match(shortHash(''), /^[\da-f]{8}$/)
  })
})

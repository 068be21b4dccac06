import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {LastLines} from '../../../plugins/mcp/src/tools/last-lines.js'

const line = (text: string) =>
  ({time: '', stack: 's', service: 'a', stream: 'stdout', attempt: 1, offset: 0, next: 0, text}) as const

describe('LastLines', () => {
  const kept = (maxBytes: number, ...texts: readonly string[]) => {
    const lines = new LastLines(maxBytes)
    for (const text of texts) lines.add(line(text))
    return [lines.all.map(({text}) => text), lines.omitted]
  }

  it('keeps the newest lines that fit, and counts the others', () => {
    assert.deepEqual(kept(100, 'one', 'two', 'three'), [['one', 'two', 'three'], 0])
    assert.deepEqual(kept(10, 'one', 'two', 'three'), [['two', 'three'], 1])
    assert.deepEqual(kept(9, 'one', 'two', 'three'), [['three'], 2])
  })

  it('cuts a newest line that does not fit alone, and goes on after it', () => {
    assert.deepEqual(kept(5, 'one', 'three!'), [['thre'], 1])
    assert.deepEqual(kept(5, 'three!', 'one'), [['one'], 1])
    assert.deepEqual(kept(5, 'ééé'), [['éé'], 0])
    assert.deepEqual(kept(4, 'ééé'), [['é'], 0])
    assert.deepEqual(kept(1, 'one', ''), [[''], 1])
  })
})

import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {findCycles, formatCycle} from '../../../src/core/dag/cycles.js'
import {topologicalLayers} from '../../../src/core/dag/layers.js'
import {dependenciesOf} from '../../../src/core/dag/reach.js'
import {randomAcyclicGraph, randomGraph} from './random-graph.js'

describe('findCycles', () => {
  it('gives the whole path, back to where it began', () => {
    const graph = new Map([
      ['start', ['a']],
      ['a', ['b']],
      ['b', ['c']],
      ['c', ['a']],
    ])
    assert.deepEqual(findCycles(graph).map(formatCycle), ['a -> b -> c -> a'])
  })

  it('sees a node that waits for itself', () => {
    assert.deepEqual(findCycles(new Map([['a', ['a']]])), [['a', 'a']])
  })

  it('gives separate cycles separately', () => {
    const graph = new Map([
      ['a', ['b']],
      ['b', ['a']],
      ['x', ['y']],
      ['y', ['x']],
    ])
    assert.deepEqual(findCycles(graph).map(formatCycle), ['a -> b -> a', 'x -> y -> x'])
  })

  it('finds none in random graphs without one', () => {
    for (let seed = 1; seed <= 100; seed++) assert.deepEqual(findCycles(randomAcyclicGraph(seed)), [], `seed ${seed}`)
  })

  it('finds one exactly when some node reaches itself, and each step of it is an edge', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const graph = randomGraph(seed)
      const cycles = findCycles(graph)
      const cyclic = [...graph.keys()].some((node) => dependenciesOf(graph, [node]).has(node))
      assert.equal(cycles.length > 0, cyclic, `seed ${seed}`)
      for (const cycle of cycles) {
        assert.equal(cycle[0], cycle.at(-1))
        for (let step = 1; step < cycle.length; step++) {
          assert.ok(graph.get(cycle[step - 1]!)?.includes(cycle[step]!), `seed ${seed}: ${formatCycle(cycle)}`)
        }
      }
      if (!cyclic) assert.doesNotThrow(() => topologicalLayers(graph))
    }
  })

  it('walks a chain of 20,000 nodes', () => {
    const graph = new Map(Array.from({length: 20_000}, (_, node) => [node, [(node + 1) % 20_000]]))
    assert.equal(findCycles(graph)[0]?.length, 20_001)
  })
})

import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {dependenciesOf, dependentsOf, reachOf} from '../../../src/core/dag/reach.js'
import {randomAcyclicGraph} from './random-graph.js'

const graph = new Map([
  ['web', ['api']],
  ['api', ['db', 'cache']],
  ['db', []],
  ['cache', []],
  ['docs', []],
])

describe('reach', () => {
  it('goes down to everything that is needed', () => {
    assert.deepEqual([...dependenciesOf(graph, ['web'])].sort(), ['api', 'cache', 'db'])
    assert.deepEqual([...dependenciesOf(graph, ['docs'])], [])
  })

  it('goes up to everything that needs it', () => {
    assert.deepEqual([...dependentsOf(graph, ['db'])].sort(), ['api', 'web'])
    assert.deepEqual([...dependentsOf(graph, ['db', 'docs'])].sort(), ['api', 'web'])
  })

  it('goes up and down along the same edges in random graphs', () => {
    for (let seed = 1; seed <= 100; seed++) {
      const random = randomAcyclicGraph(seed)
      for (const node of random.keys()) {
        for (const below of dependenciesOf(random, [node])) {
          assert.ok(dependentsOf(random, [below]).has(node), `seed ${seed}: ${below} below ${node}`)
        }
      }
    }
  })

  it('finds one thing wherever it lies below, and nothing that does not', () => {
    for (let seed = 1; seed <= 30; seed++) {
      const random = randomAcyclicGraph(seed)
      const reach = reachOf(random)
      for (const from of random.keys()) {
        const below = dependenciesOf(random, [from])
        for (const node of random.keys()) {
          assert.equal(
            reach(from, (each) => each === node),
            below.has(node),
            `seed ${seed}: ${node} from ${from}`,
          )
        }
      }
    }
  })

  it('finds a node from itself only round a circle, and nothing from what is not there', () => {
    const reach = reachOf(new Map([...graph, ['db', ['api']]]))
    assert.ok(reach('api', (each) => each === 'api'))
    assert.ok(!reach('web', (each) => each === 'web'))
    assert.ok(!reach('gone', () => true))
  })
})

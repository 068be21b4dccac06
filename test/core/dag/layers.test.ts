import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {topologicalLayers, topologicalOrder} from '../../../src/core/dag/layers.js'
import {randomAcyclicGraph} from './random-graph.js'

describe('topologicalLayers', () => {
  it('puts each node right after the last thing it depends on', () => {
    const graph = new Map([
      ['worker', ['api']],
      ['api', ['db', 'migrate']],
      ['db', []],
      ['migrate', ['db']],
      ['docs', []],
    ])
    assert.deepEqual(topologicalLayers(graph), [['db', 'docs'], ['migrate'], ['api'], ['worker']])
  })

  it('ignores edges to nodes that are not in the graph', () => {
    assert.deepEqual(topologicalLayers(new Map([['api', ['gone']]])), [['api']])
  })

  it('keeps the order of the map inside a layer', () => {
    const graph = new Map([
      ['c', ['x']],
      ['a', ['x']],
      ['b', ['x']],
      ['x', []],
    ])
    assert.deepEqual(topologicalLayers(graph), [['x'], ['c', 'a', 'b']])
  })

  it('refuses a cycle and names its path', () => {
    const graph = new Map([
      ['a', ['b']],
      ['b', ['a']],
    ])
    assert.throws(() => topologicalLayers(graph), /a -> b -> a/)
  })

  it('orders 300 random graphs so that every dependency is in an earlier layer, and none could stand earlier', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const graph = randomAcyclicGraph(seed)
      const layers = topologicalLayers(graph)
      const layerOf = new Map(layers.flatMap((layer, index) => layer.map((node) => [node, index] as const)))
      assert.equal(layerOf.size, graph.size, `seed ${seed}`)
      for (const [node, dependencies] of graph) {
        const deepest = Math.max(-1, ...dependencies.map((dependency) => layerOf.get(dependency)!))
        assert.equal(layerOf.get(node), deepest + 1, `seed ${seed}, node ${node}`)
      }
    }
  })
})

describe('topologicalOrder', () => {
  it('is fast on a chain of 20,000 nodes', () => {
    const graph = new Map(Array.from({length: 20_000}, (_, node) => [node, node === 0 ? [] : [node - 1]]))
    assert.deepEqual(topologicalOrder(graph).slice(-2), [19_998, 19_999])
  })
})

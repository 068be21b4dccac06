import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import {file, sh, start, stop, task, workbench} from './workbench.js'

/** Ten layers of 50 services; each needs up to three of the layer below. */
function layeredEdges(): ReadonlyMap<string, readonly string[]> {
  const width = 50
  const name = (layer: number, index: number): string => `s${layer}-${index % width}`
  const all = Array.from({length: 10 * width}, (_, at) => ({layer: Math.floor(at / width), index: at % width}))
  return new Map(
    all.map(({layer, index}) => {
      const below = layer === 0 ? [] : [index, index + 7, index * 3].map((at) => name(layer - 1, at))
      return [name(layer, index), [...new Set(below)]]
    }),
  )
}

describe('a large stack', () => {
  it('of 500 services in ten layers starts in an order that respects every edge', async function () {
    this.timeout(120_000)
    await using bench = await workbench()
    const edges = layeredEdges()
    const services = [...edges].map(([service, below]) =>
      sh(service, 'exec sleep 600', `dependencies: [${below.join(', ')}]`),
    )
    const stack = await bench.load(file(services, [task('unused', 'true')]))
    const plans = [1, 2].map(() => JSON.stringify(stack.plan({services: [], restart: false})))
    assert.equal(plans[0], plans[1])
    const outcome = await start(stack)
    assert.equal(outcome.started.length, 500)
    const moves = bench.events.flatMap((event) => (event.topic === 'service.state' ? [event] : []))
    const at = new Map(moves.map(({service, to}, index) => [`${service} ${to}`, index]))
    const order = (move: string): number => at.get(move) ?? Number.NaN
    for (const [service, below] of edges) {
      for (const needed of below) {
        assert.ok(order(`${needed} Running`) < order(`${service} Starting`), `${needed} before ${service}`)
      }
    }
    assert.equal((await stop(stack)).stopped.length, 500)
    assert.deepEqual(await bench.left(), [])
  })
})

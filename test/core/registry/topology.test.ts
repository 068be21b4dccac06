import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import type {NetworkNode} from '../../../src/core/contract/stack.js'
import {topologyOf, type StackPlace} from '../../../src/core/registry/topology.js'

function place(id: string, nodes: readonly NetworkNode[]): StackPlace {
  const world: StackPlace['world'] = {
    machine: {hostname: 'desk', interfaces: []},
    networks: {net: {type: 'lan', nodes}},
    lease: () => undefined,
  }
  return {id, name: 'shop', world, services: []}
}

const machines = (...stacks: readonly StackPlace[]) =>
  topologyOf('desk', stacks, []).hosts.map(({name, reachedBy, nodes}) => [
    name,
    reachedBy,
    nodes.map(({stack, node}) => `${stack} ${node}`),
  ])

describe('the machines of several stacks', () => {
  const here = ['this machine', null, []]

  it('are others where only the names of their nodes are equal', () => {
    const left = place('left', [{name: 'db', host: '192.0.2.1'}])
    const right = place('right', [{name: 'db', host: '192.0.2.2'}])
    const expected = [here, ['db', '192.0.2.1', ['left db']], ['db', '192.0.2.2', ['right db']]]
    assert.deepEqual(machines(left, right), expected)
    assert.deepEqual(machines(right, left), expected)
  })

  it('are others where nobody says where their nodes are', () => {
    const [left, right] = [place('left', [{name: 'db'}]), place('right', [{name: 'db'}])]
    assert.deepEqual(machines(left, right), [here, ['db', 'db', ['left db']], ['db', 'db', ['right db']]])
  })

  it('are one where they have the same host or address, whatever they are called', () => {
    const left = place('left', [{name: 'db', host: 'fd00::1'}])
    const right = place('right', [{name: 'store', address: 'fd00:0::0001'}])
    assert.deepEqual(machines(left, right), [here, ['db', 'fd00::1', ['left db', 'right store']]])
  })

  it('are this one where a node is', () => {
    assert.deepEqual(machines(place('left', [{name: 'desk'}])), [['this machine', null, ['left desk']]])
  })
})

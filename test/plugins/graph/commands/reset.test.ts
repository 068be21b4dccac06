import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {confirmReset} from '../../../../plugins/graph/src/command/reset/confirm-reset.js'
import {dependentsOf} from '../../../../plugins/graph/src/command/reset/dependents.js'
import type {StackDefinition} from '../../../../src/core/contract/stack.js'

const edge = (kind: 'service' | 'task', name: string) => ({kind, name})
const definition = {
  services: {
    postgres: {dependencies: []},
    anvil: {dependencies: []},
    'graph-node': {dependencies: [edge('service', 'postgres'), edge('task', 'contracts')]},
    api: {dependencies: [edge('service', 'graph-node')]},
    docs: {dependencies: []},
  },
  tasks: {
    contracts: {dependencies: [edge('service', 'anvil')]},
    subgraph: {dependencies: [edge('service', 'graph-node')]},
    migrate: {dependencies: [edge('service', 'postgres')]},
  },
} as unknown as StackDefinition

describe('harness graph reset', () => {
  it('takes what hangs on the chain, through tasks as well, and leaves the rest', () => {
    const {services, tasks} = dependentsOf(definition, ['anvil'])
    assert.deepEqual([...services].sort(), ['anvil', 'api', 'graph-node'])
    assert.deepEqual([...tasks].sort(), ['contracts', 'subgraph'])
  })

  it('asks nothing where no data is kept, and refuses to lose data where nobody can be asked', async () => {
    const plan = {anvil: 'anvil', up: [], stops: [], databases: [], tasks: [], kept: []}
    assert.equal(await confirmReset(plan), true)
    const kept = [{service: 'anvil', file: '/data/chain.json', isChain: true}]
    await assert.rejects(confirmReset({...plan, kept}, {isTerminal: false}), {
      code: 'USAGE',
      reason: 'anvil keeps its data in /data/chain.json, and it would be lost',
    })
  })
})

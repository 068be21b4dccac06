import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {confirmReset} from '../../../../plugins/graph/src/command/reset/confirm-reset.js'
import {planReset} from '../../../../plugins/graph/src/command/reset/plan-reset.js'
import type {GraphStack} from '../../../../plugins/graph/src/command/graph-stack.js'
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

  it('does not leave old data under a new chain: a database with files of its own has to run', async () => {
    const states = [
      {name: 'anvil', state: 'Running', desired: 'up'},
      {name: 'postgres', state: 'Stopped', desired: 'down'},
    ]
    const opened = {
      client: {service: {status: () => Promise.resolve({services: states, tasks: []})}},
      stack: 'id',
      services: [
        {service: 'anvil', serviceType: 'anvil'},
        {service: 'postgres', serviceType: 'postgres'},
      ],
    } as unknown as GraphStack
    const kept = {
      directory: '/stack',
      services: {anvil: {dependencies: []}, postgres: {dependencies: [], config: {data: 'db'}}},
      tasks: {},
    } as unknown as StackDefinition
    await assert.rejects(planReset(opened, {anvil: 'anvil', definition: kept}), {
      reason: 'postgres keeps its data in /stack/db, and does not run',
    })
  })

  it('asks nothing where no data is kept, and refuses to lose data where nobody can be asked', async () => {
    const plan = {name: 'shop', anvil: 'anvil', up: [], stops: [], databases: [], tasks: [], kept: []}
    assert.equal(await confirmReset(plan), true)
    const kept = [{service: 'anvil', file: '/data/chain.json', isChain: true}]
    await assert.rejects(confirmReset({...plan, kept}, {isTerminal: false}), {
      code: 'USAGE',
      reason: 'anvil keeps its data in /data/chain.json, and it would be lost',
    })
  })
})

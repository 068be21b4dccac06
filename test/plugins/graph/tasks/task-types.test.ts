import {describe, it} from 'mocha'
import register from '../../../../plugins/graph/src/register.js'
import {describeTaskType} from '../../../../src/testing.js'
import {needs} from '../../../support/needs.js'
import {anvil} from './bench.js'

describe('task types of graph', () => {
  before(function () {
    needs(this, anvil !== undefined, 'Anvil')
  })

  describeTaskType(
    'evm-command',
    () => ({
      register,
      inputs: [
        {ethereum_url: 'http://a', command: ['true']},
        {ethereum_url: 'http://a', rpc: [{method: 'evm_mine'}], until: {rpc: {method: 'eth_blockNumber', at_least: 3}}},
      ],
      invalidInputs: [{}, {ethereum_url: 'http://a'}, {ethereum_url: 'http://a', command: []}],
      services: {
        chain: {
          target: {type: 'process', binary: anvil!, args: ['--silent', '--port', '${chain.port}', '--prune-history']},
          ports: {rpc: 0},
          health_check: {tcp: '${chain.port}'},
        },
      },
      task: {
        config: {
          ethereum_url: 'http://127.0.0.1:${chain.port}',
          until: {rpc: {method: 'eth_blockNumber', at_least: 1}},
          mine: {},
          poll_secs: 0.05,
        },
        dependencies: ['chain'],
      },
    }),
    {describe, it},
  )
})

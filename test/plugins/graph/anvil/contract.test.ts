import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import register from '../../../../plugins/graph/src/register.js'
import {describeServiceType} from '../../../../src/testing.js'
import {freePort} from '../../../support/free-port.js'

const account = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
const nobody = '0x00000000000000000000000000000000000000aa'
const fields = (...names: readonly string[]) =>
  function (output: unknown) {
    assert.deepEqual(Object.keys(output as object).sort(), [...names].sort())
  }

describeServiceType(
  'anvil',
  async () => {
    const port = await freePort()
    return {
      register,
      others: {upstream: {service_type: 'anvil', ports: {rpc: port}, config: {}}},
      configs: [
        {},
        {chain_id: 1337, accounts: 2, balance: 5, block_time: 0.5, base_fee: 0, gas_limit: 30_000_000},
        {mnemonic: 'test test test', hardfork: 'cancun', args: ['--no-mining'], binary: 'anvil', from: 'local'},
        {fork: {url: 'http://127.0.0.1:1', block_number: 5}, state: 'chain/state.json'},
        {from: 'docker', image: 'anvil:local', state: './chain/state.json', fork: {url: '${other.url}'}},
      ],
      invalidConfigs: [{chain: 1}, {chain_id: 0}, {fork: {}}, {from: 'npm'}, {accounts: '10'}, {state: ''}],
      service: {ports: {rpc: 0}, config: {chain_id: 1337, base_fee: 0}},
      actions: [
        {
          action: 'mine-blocks',
          input: {count: 3, interval_secs: 12},
          check: (output, events) => {
            fields('mined', 'block_number', 'block_hash', 'timestamp')(output)
            assert.deepEqual(events, [{mined: 3, total: 3, block_number: 3}])
          },
        },
        {
          action: 'set-balance',
          input: {address: nobody, balance: '0xde0b6b3a7640000'},
          check: (output) => {
            assert.deepEqual(output, {address: nobody, balance: '1000000000000000000'})
          },
        },
        {
          action: 'fork',
          input: {url: `http://127.0.0.1:${port}`, block_number: 0},
          check: fields('block_number', 'block_hash', 'fork'),
        },
        {action: 'unfork', input: {}, check: fields('block_number', 'block_hash', 'instance_id')},
        {action: 'mine-blocks', input: {count: 3}},
        {action: 'snapshot', input: {}, check: fields('id', 'block_number', 'block_hash')},
        {action: 'increase-time', input: {seconds: 3600}, check: fields('block_number', 'block_hash', 'timestamp')},
        {
          action: 'revert',
          input: {id: '0x0'},
          check: (output) => {
            assert.equal((output as {block_number: number}).block_number, 3)
          },
        },
        {action: 'reorg', input: {depth: 2}, check: fields('block_number', 'block_hash', 'replaced_hash')},
        {
          action: 'set-automine',
          input: {enabled: false},
          check: (output) => {
            assert.deepEqual(output, {enabled: false})
          },
        },
        {
          action: 'impersonate',
          input: {address: nobody},
          check: (output) => {
            assert.deepEqual(output, {address: nobody, unlocked: true})
          },
        },
        {
          action: 'impersonate',
          input: {address: account, stop: true},
          check: (output) => {
            assert.deepEqual(output, {address: account, unlocked: true})
          },
        },
        {
          action: 'node-info',
          input: {},
          check: (output) => {
            const {chain_id, block_number, fork} = output as Record<string, unknown>
            assert.deepEqual({chain_id, block_number, fork}, {chain_id: 1337, block_number: 3, fork: null})
          },
        },
      ],
    }
  },
  {describe, it},
)

import assert from 'node:assert/strict'
import {setTimeout as sleep} from 'node:timers/promises'
import {startStack} from '@service-harness/cli'

const token = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
const bob = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8'

// In TypeScript, and in runners that compile, `await using stack = await startStack('harness.yaml')` in a test needs no hook.
describe('a subgraph of transfers', () => {
  let stack

  before(async () => {
    stack = await startStack('harness.yaml')
  })

  after(() => stack?.stop())

  it('knows what the chain knows, also when the chain changes its mind', async () => {
    const anvil = stack.actions('anvil')
    const node = stack.actions('graph-node')

    const {deployment} = await node['deploy-subgraph']({name: 'token', path: 'subgraph'})
    await node['wait-for-sync']({deployment})
    assert.equal(await balanceOf(bob), undefined)

    await transfer(bob, 25)
    await transfer(bob, 17)
    await node['wait-for-sync']({deployment})
    assert.equal(await balanceOf(bob), '42')

    // The newest two blocks are replaced by empty ones: nobody has sent anything.
    await anvil.reorg({depth: 2})
    await anvil['mine-blocks']({count: 1})
    await node['wait-for-sync']({deployment})
    assert.equal(await balanceOf(bob), undefined)
  })

  /** As the subgraph has it. */
  async function balanceOf(account) {
    const {data} = await stack.actions('graph-node')['query-subgraph']({
      name: 'token',
      query: 'query ($id: ID!) {account(id: $id) {balance}}',
      variables: {id: account},
    })
    return data.account?.balance
  }

  /** `Token.transfer(to, value)`, by the first account of the chain. */
  async function transfer(to, value) {
    const [from] = await call('eth_accounts')
    const words = [BigInt(to), BigInt(value)].map((word) => word.toString(16).padStart(64, '0'))
    const transaction = await call('eth_sendTransaction', {from, to: token, data: `0xa9059cbb${words.join('')}`})
    const {status} = await receiptOf(transaction)
    assert.equal(status, '0x1')
  }

  /** Anvil mines a transaction a moment after it has taken it. */
  async function receiptOf(transaction) {
    for (;;) {
      const receipt = await call('eth_getTransactionReceipt', transaction)
      if (receipt) return receipt
      await sleep(50)
    }
  }

  async function call(method, ...params) {
    const response = await fetch(stack.endpoint('anvil').url, {
      method: 'POST',
      headers: {'content-type': 'application/json'},
      body: JSON.stringify({jsonrpc: '2.0', id: 1, method, params}),
    })
    const {result, error} = await response.json()
    if (error) throw new Error(`${method}: ${error.message}`)
    return result
  }
})

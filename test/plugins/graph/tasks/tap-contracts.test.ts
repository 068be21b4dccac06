import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {needs} from '../../../support/needs.js'
import {Chain, hasAnvil, TaskBench} from './bench.js'

const contracts = [
  {name: 'AllocationIDTracker', path: 'src/AllocationIDTracker.sol:AllocationIDTracker'},
  {name: 'TAPVerifier', path: 'src/TAPVerifier.sol:TAPVerifier', args: ['TAP', '1']},
  {
    name: 'Escrow',
    path: 'src/Escrow.sol:Escrow',
    args: [{contract: 'TAPVerifier'}, {contract: 'AllocationIDTracker'}, '10'],
  },
]

describe('tap-contracts', () => {
  let chain: Chain
  let bench: TaskBench
  const task = (more: object = {}) => ({
    task_type: 'tap-contracts',
    config: {ethereum_url: chain.url, working_dir: 'contracts', contracts, ...more},
  })

  before(async function () {
    needs(this, hasAnvil, 'Anvil')
    chain = await Chain.start()
  })
  after(() => chain[Symbol.asyncDispose]())
  beforeEach(async () => {
    bench = await TaskBench.open()
    await bench.toolProject('forge', {})
  })
  afterEach(() => bench[Symbol.asyncDispose]())

  it('deploys one after the other, hands on addresses, and writes them down by name', async () => {
    await bench.load({tap: task({address_book: 'tap.json'})})
    const {reason, outputs, events} = await bench.run('tap')
    assert.equal(reason, '')
    const {TAPVerifier: verifier, AllocationIDTracker: tracker} = outputs.addresses
    assert.match(
      (await bench.runs())[2]!,
      new RegExp(`^create src/Escrow.sol:Escrow .*--json --constructor-args ${verifier} ${tracker} 10$`),
    )
    assert.deepEqual(JSON.parse(await bench.read('tap.json')), outputs.addresses)
    assert.equal(outputs['Escrow'], outputs.addresses['Escrow'])
    const told = events.flatMap((event) => {
      const {contract, status} = event as {contract?: string; status?: string}
      return contract === undefined ? [] : [`${status} ${contract}`]
    })
    assert.deepEqual(
      told,
      contracts.flatMap(({name}) => [`deploying ${name}`, `deployed ${name}`]),
    )
  })

  it('is skipped as complete, and deployed again after the chain was begun anew', async () => {
    await bench.load({tap: task()})
    await bench.run('tap')
    assert.equal((await bench.run('tap')).state, 'Skipped')
    await chain.reset()
    assert.equal((await bench.run('tap')).state, 'Succeeded')
    assert.equal((await bench.runs()).length, 6)
  })

  it('says what is wrong', async () => {
    const unknown = [{name: 'Escrow', path: 'src/Escrow.sol:Escrow', args: [{contract: 'TAPVerifier'}]}]
    await bench.load({tap: task({contracts: unknown}), wrong: task({env: {FAILS: '1'}})})
    assert.equal(
      (await bench.run('tap')).reason,
      'an argument of Escrow is the contract TAPVerifier, which does not stand before it',
    )
    assert.match((await bench.run('wrong')).reason, /ended with exit code 1:\nError: Compiler run failed$/)
    await assert.rejects(bench.load({tap: task({contracts: []})}), /tasks\.tap\.config\.contracts/)
    await assert.rejects(
      bench.load({tap: task({contracts: [{name: 'A'}]})}),
      /tasks\.tap\.config\.contracts\[0\] needs 'path'/,
    )
  })
})

import assert from 'node:assert/strict'
import {readFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'mocha'
import {freePort} from '../../../support/free-port.js'
import {isAlive, until} from '../../../support/harness.js'
import {needs} from '../../../support/needs.js'
import {Chain, hasAnvil, TaskBench} from './bench.js'

const command = [process.execPath, 'plain-deploy.mjs', 'Controller', 'GraphToken']

describe('graph-contracts with a command', () => {
  let chain: Chain
  let bench: TaskBench
  const action = (more: object = {}) => ({
    task_type: 'graph-contracts',
    action: {type: 'DeployAll', ethereum_url: chain.url, working_dir: './contracts', command, ...more},
  })

  before(async function () {
    needs(this, hasAnvil, 'Anvil')
    chain = await Chain.start()
  })
  after(() => chain[Symbol.asyncDispose]())
  beforeEach(async () => {
    bench = await TaskBench.open()
    await bench.plainProject()
  })
  afterEach(() => bench[Symbol.asyncDispose]())

  it('has the address of each contract as an output, once the chain has its code', async () => {
    await bench.load({deploy: action()})
    const {state, reason, outputs, events} = await bench.run('deploy')
    assert.equal(state, 'Succeeded', reason)
    const {addresses, chain_id: id, address_book: book} = outputs
    assert.deepEqual(Object.keys(addresses), ['Controller', 'GraphToken'])
    assert.equal(outputs['GraphToken'], addresses['GraphToken'])
    assert.equal(id, 31337)
    for (const address of Object.values(addresses)) {
      assert.notEqual(await chain.call('eth_getCode', address, 'latest'), '0x')
    }
    const told = events.filter((event) => 'contract' in (event as object))
    const of = (contract: string, status: string) => ({contract, address: addresses[contract], status})
    assert.deepEqual(told, [
      {contract: 'Controller', status: 'deploying'},
      of('Controller', 'deployed'),
      {contract: 'GraphToken', status: 'deploying'},
      of('GraphToken', 'deployed'),
      of('Controller', 'verified'),
      of('GraphToken', 'verified'),
    ])
    assert.ok(
      events.some((event) => (event as {text?: string}).text === `GraphToken deployed at ${addresses['GraphToken']}`),
    )
    const written = JSON.parse(await readFile(book, 'utf8')) as Record<string, Record<string, {address: string}>>
    assert.equal(written['31337']?.['Controller']?.address, addresses['Controller'])
  })

  it('is skipped as complete, also when only the address of the chain is another one', async () => {
    await bench.load({deploy: action(), 'deploy-again': action({type: 'deploy-all', ethereum_url: `${chain.url}/`})})
    const first = await bench.run('deploy')
    const second = await bench.run('deploy')
    assert.equal(second.state, 'Skipped')
    assert.deepEqual(second.outputs, first.outputs)
    assert.equal((await bench.run('deploy-again')).state, 'Skipped')
    assert.equal((await bench.runs()).length, 1)
  })

  it('is deployed again after the chain was begun anew', async () => {
    await bench.load({deploy: action({address_book: 'addresses.json'})})
    await bench.run('deploy')
    await chain.reset()
    assert.equal((await bench.run('deploy')).state, 'Succeeded')
    assert.equal((await bench.run('deploy')).state, 'Skipped')
    assert.equal((await bench.runs()).length, 2)
    const book = JSON.parse(await bench.read('addresses.json')) as Record<string, Record<string, {genesisHash: string}>>
    const {hash} = await chain.call<{hash: string}>('eth_getBlockByNumber', '0x0', false)
    assert.deepEqual(
      Object.values(book['31337']!).map(({genesisHash}) => genesisHash),
      [hash, hash],
    )
  })

  it('is deployed again when its contracts are gone from the chain, or from the address book', async () => {
    await bench.load({deploy: action({address_book: 'addresses.json'})})
    const snapshot = await chain.call<string>('evm_snapshot')
    await bench.run('deploy')
    await chain.call('evm_revert', snapshot)
    assert.equal((await bench.run('deploy')).state, 'Succeeded')
    await bench.write('addresses.json', '{}')
    assert.equal((await bench.run('deploy')).state, 'Succeeded')
    assert.equal((await bench.runs()).length, 3)
  })

  it('stays complete on a chain that goes on with its state', async () => {
    const state = path.join(bench.folder, 'state.json')
    await chain.end()
    await chain.begin('--state', state)
    await bench.load({deploy: action()})
    await bench.run('deploy')
    await chain.end()
    await chain.begin('--state', state)
    assert.equal((await bench.run('deploy')).state, 'Skipped')
    await chain.reset()
  })

  it('reads the files that the command writes', async () => {
    await bench.load({deploy: action({address_files: ['out.json'], env: {WRITES: 'out.json'}})})
    const {reason, outputs} = await bench.run('deploy')
    assert.equal(reason, '')
    assert.deepEqual(Object.keys(outputs.addresses), ['Controller', 'GraphToken'])
  })

  it('leaves in an address book what others have written there', async () => {
    await bench.write('addresses.json', '{"1": {"Other": {"address": "0x1"}}, "31337": {"Mine": {"address": "0x2"}}}')
    await bench.load({deploy: action({address_book: 'addresses.json'})})
    await bench.run('deploy')
    const book = JSON.parse(await bench.read('addresses.json')) as Record<string, object>
    assert.deepEqual(book['1'], {Other: {address: '0x1'}})
    assert.deepEqual(Object.keys(book['31337']!), ['Mine', 'Controller', 'GraphToken'])
  })

  it('runs the script `deploy` of a package.json', async () => {
    await bench.write('contracts/package.json', `{"scripts": {"deploy": "node plain-deploy.mjs GraphToken"}}`)
    const {task_type: type, action: all} = action()
    const {command: _command, ...rest} = all
    await bench.load({deploy: {task_type: type, action: rest}})
    const {reason, outputs} = await bench.run('deploy')
    assert.equal(reason, '')
    assert.deepEqual(Object.keys(outputs.addresses), ['GraphToken'])
  })

  it('ends all that the command has started when it is taken back', async () => {
    await bench.load({deploy: {...action({env: {SLOW: '1'}}), timeout: '3s'}})
    const run = bench.run('deploy')
    await until(
      () =>
        bench.read('contracts/pid').then(
          (text) => text !== '',
          () => false,
        ),
      'it runs',
    )
    const pid = Number(await bench.read('contracts/pid'))
    assert.match((await run).reason, /^not done after 3\.0 s$/)
    await until(async () => !(await isAlive(pid)), 'it has ended')
  })

  describe('says why it fails', () => {
    const failure = async (more: object): Promise<string> => {
      await bench.load({deploy: action(more)})
      const {state, reason} = await bench.run('deploy')
      assert.equal(state, 'Failed')
      return reason
    }

    it('when the tool fails, with its last lines and no stack', async () => {
      const reason = await failure({env: {FAILS: '1'}})
      assert.match(reason, /^`node plain-deploy.mjs Controller GraphToken` ended with exit code 3:\n/)
      assert.match(reason, /\nError: the deployer has no funds$/)
    })

    it('when nothing answers at the address of the chain', async () => {
      const port = await freePort()
      assert.equal(
        await failure({ethereum_url: `http://127.0.0.1:${port}`}),
        `the chain cannot be reached at http://127.0.0.1:${port}: connect ECONNREFUSED 127.0.0.1:${port}`,
      )
    })

    it('when there is no such folder', async () => {
      assert.equal(await failure({working_dir: 'nowhere'}), `working_dir ${bench.folder}/nowhere does not exist`)
    })

    it('when the program is missing', async () => {
      assert.equal(
        await failure({command: ['no-such-tool', 'deploy']}),
        `no-such-tool was not found from ${bench.folder}/contracts`,
      )
    })

    it('when nothing says how to deploy', async () => {
      await bench.write('empty/.keep', '')
      const {action: all} = action({working_dir: 'empty'})
      const {command: _command, ...rest} = all
      await bench.load({deploy: {task_type: 'graph-contracts', action: rest}})
      assert.match(
        (await bench.run('deploy')).reason,
        /^nothing in \S+\/empty says how to deploy: it has no hardhat\.config/,
      )
    })

    it('when the contracts are on another chain', async () => {
      const at = '0x1111111111111111111111111111111111111111'
      assert.equal(
        await failure({env: {ELSEWHERE: at}}),
        `chain 31337 at ${chain.url} has no code for Controller at ${at}, GraphToken at ${at}`,
      )
    })

    it('when no address can be found', async () => {
      assert.match(
        await failure({env: {WRITES: 'unknown.json'}}),
        /has ended well, and no address was found in its files nor in what it printed$/,
      )
    })

    it('when a contract is missing that must be there', async () => {
      assert.equal(
        await failure({contracts: ['GraphToken', 'Curation']}),
        'contracts that must be there are not: Curation (there are: Controller, GraphToken)',
      )
    })

    it('when the address book is no JSON', async () => {
      await bench.write('addresses.json', '<html>')
      assert.equal(
        await failure({address_book: 'addresses.json'}),
        `the address book ${bench.folder}/addresses.json is no JSON`,
      )
    })

    const refused = async (more: object): Promise<string> =>
      bench.load({deploy: action(more)}).then(
        () => '',
        (error: unknown) => (error as Error).message,
      )

    it('when its input is wrong, before anything runs', async () => {
      assert.match(await refused({type: 'DeployNothing'}), /tasks\.deploy\.action\.type must be one of DeployAll/)
      assert.match(await refused({type: 'DeployContract'}), /tasks\.deploy\.action needs 'contract'/)
      assert.match(await refused({working_dir: undefined}), /tasks\.deploy\.action needs 'working_dir'/)
      assert.match(await refused({tool: 'command', command: undefined}), /tasks\.deploy\.action needs 'command'/)
      assert.match(await refused({contract_name: 'A'}), /tasks\.deploy\.action\.contract_name is not a key/)
    })
  })

  describe('VerifyDeployment', () => {
    const verify = (more: object = {}) => ({
      task_type: 'graph-contracts',
      action: {type: 'VerifyDeployment', ethereum_url: chain.url, working_dir: './contracts', ...more},
    })

    it('finds what was deployed from the same folder, each time it is asked', async () => {
      await bench.load({deploy: action(), verify: verify(), some: verify({contracts: ['GraphToken']})})
      const {outputs} = await bench.run('deploy')
      assert.deepEqual((await bench.run('verify')).outputs, outputs)
      assert.equal((await bench.run('verify')).state, 'Succeeded')
      assert.deepEqual(Object.keys((await bench.run('some')).outputs.addresses), ['GraphToken'])
    })

    it('fails when the code is missing, on a chain begun anew, and where nothing was deployed', async () => {
      await bench.load({deploy: action(), verify: verify(), nothing: verify({contracts: ['Curation']})})
      assert.match(
        (await bench.run('verify')).reason,
        /addresses\/contracts-\w{8}\.json has no contract of chain 31337$/,
      )
      const snapshot = await chain.call<string>('evm_snapshot')
      const {outputs} = await bench.run('deploy')
      assert.equal(
        (await bench.run('nothing')).reason,
        'contracts that must be there are not: Curation (there are: Controller, GraphToken)',
      )
      await chain.call('evm_revert', snapshot)
      assert.equal(
        (await bench.run('verify')).reason,
        `chain 31337 at ${chain.url} has no code for Controller at ${outputs.addresses['Controller']}, GraphToken at ${outputs.addresses['GraphToken']}`,
      )
      await chain.reset()
      assert.equal(
        (await bench.run('verify')).reason,
        'Controller, GraphToken were deployed to a former chain 31337, which was begun anew since',
      )
    })
  })
})

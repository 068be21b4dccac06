import assert from 'node:assert/strict'
import {readdir, readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {stripVTControlCharacters} from 'node:util'
import {describe, it} from 'mocha'
import {ContractLines} from '../../../../plugins/graph/src/tasks/contracts/contract-lines.js'
import {addressFileRecords} from '../../../../plugins/graph/src/tasks/contracts/records/address-file.js'
import {forgeRecords} from '../../../../plugins/graph/src/tasks/contracts/records/forge.js'
import {hardhatDeployRecords} from '../../../../plugins/graph/src/tasks/contracts/records/hardhat-deploy.js'
import {ignitionRecords} from '../../../../plugins/graph/src/tasks/contracts/records/ignition.js'
import {deployedTo} from '../../../../plugins/graph/src/tasks/tap/deployed-to.js'
import {temporaryFolder} from '../../../core/process/temporary.js'
import {needs} from '../../../support/needs.js'
import {Chain, fixtures, hasAnvil, TaskBench} from './bench.js'

const controller = {name: 'Controller', address: '0x5FbDB2315678afecb367f032d93F642f64180aa3'}
const token = {name: 'GraphToken', address: '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512'}

async function textOf(tool: string, run: string): Promise<readonly string[]> {
  const text = await readFile(path.join(fixtures, tool, run), 'utf8')
  return text.split('\n').map((line) => stripVTControlCharacters(line).replace(/\r/g, ''))
}

describe('what tools that deploy contracts leave behind', () => {
  const read = async (tool: string, run: string, unnamed?: string) => {
    const lines = new ContractLines([], unnamed)
    const events = (await textOf(tool, run)).flatMap((line) => lines.take(line))
    return {events: events.map(({contract, status}) => `${status} ${contract}`), contracts: lines.contracts()}
  }

  it('is read from the text of hardhat-deploy', async () => {
    for (const run of ['first.stdout', 'reset-flag.stdout']) {
      assert.deepEqual(await read('hardhat-deploy', run), {
        events: ['deployed Controller', 'deployed GraphToken'],
        contracts: [controller, token],
      })
    }
    assert.deepEqual(await read('hardhat-deploy', 'second.stdout'), {
      events: ['reused Controller', 'reused GraphToken'],
      contracts: [controller, token],
    })
    for (const run of ['after-reset.stdout', 'after-reset.stderr', 'down.stdout', 'down.stderr']) {
      assert.deepEqual(await read('hardhat-deploy', run), {events: [], contracts: []})
    }
  })

  it('is read from the text of Ignition, which draws over what it has drawn', async () => {
    const runs = ['first.stdout', 'after-reset.stdout']
    for (const [tool, run] of ['ignition', 'ignition3'].flatMap((tool) => runs.map((run) => [tool, run] as const))) {
      assert.deepEqual(await read(tool, run), {
        events: ['deploying Controller', 'deploying GraphToken', 'deployed Controller', 'deployed GraphToken'],
        contracts: [controller, token],
      })
    }
    for (const tool of ['ignition', 'ignition3']) {
      assert.deepEqual((await read(tool, 'second.stdout')).contracts, [controller, token])
      assert.deepEqual((await read('ignition3', 'down.stderr')).contracts, [])
    }
  })

  it('is read from the text of forge', async () => {
    assert.deepEqual((await read('forge', 'first.stdout')).contracts, [controller, token])
    assert.deepEqual((await read('forge', 'create.stdout', 'contracts/Controller.sol:Controller')).contracts, [
      {name: 'Controller', address: '0xDc64a140Aa3E981100a9becA4E685f962f0cF6C9'},
    ])
    assert.deepEqual((await read('forge', 'create.stdout')).contracts, [])
    assert.equal(
      deployedTo(['[WARN] {odd}', '{', ...(await textOf('forge', 'create-json.stdout')), '{"level": "warn"}', 'done']),
      '0x5FC8d32690cc91D4c39d9d3abcBD16989F875707',
    )
    assert.equal(deployedTo(await textOf('forge', 'down.stderr')), undefined)
  })

  it('is read from their files, for the chain that is asked for', async () => {
    assert.deepEqual(await hardhatDeployRecords(path.join(fixtures, 'hardhat-deploy'), 31337), [controller, token])
    assert.deepEqual(await hardhatDeployRecords(path.join(fixtures, 'hardhat-deploy'), 1), [])
    assert.deepEqual(await ignitionRecords(path.join(fixtures, 'ignition'), 31337), [controller, token])
    assert.deepEqual(await ignitionRecords(path.join(fixtures, 'ignition'), 1), [])
    const lower = [controller, token].map(({name, address}) => ({name, address: address.toLowerCase()}))
    assert.deepEqual(await forgeRecords(path.join(fixtures, 'forge'), 31337), lower)
    assert.deepEqual(await forgeRecords(path.join(fixtures, 'forge'), 1), [])
  })

  it('is read from files of addresses in each of their forms', async () => {
    using folder = temporaryFolder()
    const file = path.join(folder.path, 'addresses.json')
    const forms = [
      {31337: {Controller: {address: controller.address}}, 1: {GraphToken: {address: token.address}}},
      {name: 'localhost', chainId: '31337', contracts: {Controller: {address: controller.address, abi: []}}},
      {Controller: controller.address, note: 'no address'},
    ]
    for (const form of forms) {
      await writeFile(file, JSON.stringify(form))
      assert.deepEqual(await addressFileRecords(file, 31337), [controller])
    }
    await writeFile(file, '{"31337": {"Contr')
    assert.deepEqual(await addressFileRecords(file, 31337), [])
  })
})

describe('graph-contracts with a tool', () => {
  let chain: Chain
  let bench: TaskBench
  const task = (more: object = {}) => ({
    task_type: 'graph-contracts',
    action: {type: 'DeployAll', ethereum_url: chain.url, working_dir: './contracts', ...more},
  })

  before(async function () {
    needs(this, hasAnvil, 'Anvil')
    chain = await Chain.start()
  })
  after(() => chain[Symbol.asyncDispose]())
  beforeEach(async () => {
    bench = await TaskBench.open()
  })
  afterEach(() => bench[Symbol.asyncDispose]())

  const tools = [
    {
      tool: 'hardhat-deploy',
      program: 'hardhat',
      files: {'hardhat.config.ts': '', 'deploy/01.js': ''},
      plain: 'deploy --network localhost',
      again: 'deploy --network localhost --reset',
    },
    {
      tool: 'ignition',
      program: 'hardhat',
      files: {'hardhat.config.js': '', 'ignition/modules/GraphStack.ts': ''},
      plain: 'ignition deploy ignition/modules/GraphStack.ts --network localhost',
      again: 'ignition deploy ignition/modules/GraphStack.ts --network localhost --reset',
    },
    {
      tool: 'forge',
      program: 'forge',
      files: {'foundry.toml': '', 'script/Deploy.s.sol': '', 'script/Other.s.sol': ''},
      plain: /^script script\/Deploy\.s\.sol --broadcast --rpc-url \S+ --unlocked --sender 0xf39/,
      again: /^script script\/Deploy\.s\.sol --broadcast --rpc-url \S+ --unlocked --sender 0xf39/,
    },
  ]
  for (const {tool, program, files, plain, again} of tools) {
    it(`finds ${tool} by its files, runs it once, and again after the chain was begun anew`, async () => {
      const matches = (run: string | undefined, wanted: RegExp | string) => {
        if (typeof wanted === 'string') assert.equal(run, wanted)
        else assert.match(run ?? '', wanted)
      }
      await bench.toolProject(program, files)
      await bench.load({deploy: task()})
      const first = await bench.run('deploy')
      assert.equal(first.reason, '')
      assert.deepEqual(Object.keys(first.outputs.addresses), ['Controller', 'GraphToken'])
      for (const address of Object.values(first.outputs.addresses)) {
        assert.notEqual(await chain.call('eth_getCode', address, 'latest'), '0x')
      }
      assert.equal((await bench.run('deploy')).state, 'Skipped')
      await chain.reset()
      const third = await bench.run('deploy')
      assert.equal(third.reason, '')
      const runs = await bench.runs()
      assert.equal(runs.length, 2)
      matches(runs[0], plain)
      matches(runs[1], again)
      const said = third.events.some((event) =>
        / of a former chain 31337: --reset makes it forget them\.$/.test((event as {text?: string}).text ?? ''),
      )
      assert.equal(said, tool !== 'forge')
    })
  }

  it('is not deceived by other contracts at the addresses that the tool remembers of a former chain', async () => {
    await chain.reset()
    await bench.toolProject('hardhat', {'hardhat.config.ts': '', 'deploy/01.js': ''})
    await bench.plainProject('others')
    const others = [process.execPath, 'plain-deploy.mjs', 'One', 'Two']
    await bench.load({
      deploy: task(),
      others: task({working_dir: 'others', command: others}),
      again: task({address_book: 'addresses.json'}),
    })
    const {outputs} = await bench.run('deploy')
    await chain.reset()
    assert.deepEqual(Object.values((await bench.run('others')).outputs.addresses), Object.values(outputs.addresses))
    assert.equal((await bench.run('again')).reason, '')
    assert.equal((await bench.runs()).at(-1), 'deploy --network localhost --reset')
  })

  it('takes what the tool reuses for what is there', async () => {
    await bench.toolProject('hardhat', {'hardhat.config.cjs': '', 'deploy/01.js': ''})
    await bench.load({deploy: task()})
    const {outputs} = await bench.run('deploy')
    const forced = await bench.run('deploy', {force: true})
    assert.deepEqual(forced.outputs, outputs)
    const told = forced.events.filter((event) => (event as {status?: string}).status === 'reused')
    assert.equal(told.length, 2)
    assert.deepEqual(await bench.runs(), Array(2).fill('deploy --network localhost'))
  })

  it('deploys one contract', async () => {
    await bench.toolProject('hardhat', {'hardhat.config.cjs': '', 'deploy/01.js': ''})
    await bench.load({deploy: task({type: 'DeployContract', contract: 'GraphToken', network: 'localhost'})})
    assert.equal((await bench.run('deploy')).reason, '')
    assert.deepEqual(await bench.runs(), ['deploy --tags GraphToken --network localhost'])
  })

  it('says how to install a tool that is missing, and which of several scripts to choose', async () => {
    const reason = async (files: Readonly<Record<string, string>>): Promise<string> => {
      for (const [name, content] of Object.entries(files)) await bench.write(`contracts/${name}`, content)
      await bench.load({deploy: task()})
      return (await bench.run('deploy')).reason
    }
    const files = {'foundry.toml': '', 'script/One.s.sol': '', 'script/Two.s.sol': ''}
    assert.equal(await reason(files), `there are several in ${bench.folder}/contracts/script: One.s.sol, Two.s.sol`)
    assert.equal(
      await reason({'hardhat.config.js': '', 'deploy/01.js': ''}),
      `hardhat was not found from ${bench.folder}/contracts`,
    )
    assert.deepEqual(await readdir(path.join(bench.folder, 'contracts', 'deploy')), ['01.js'])
  })
})

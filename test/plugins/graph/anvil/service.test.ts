import assert from 'node:assert/strict'
import {execFile} from 'node:child_process'
import {existsSync} from 'node:fs'
import {mkdir, mkdtemp, readFile, readdir, rm, symlink} from 'node:fs/promises'
import {createServer} from 'node:net'
import {once} from 'node:events'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {after, before, describe, it} from 'mocha'
import {Chain} from '../../../../plugins/graph/src/anvil/chain.js'
import {chainIdentity} from '../../../../plugins/graph/src/anvil/chain-identity.js'
import {findAnvil} from '../../../../plugins/graph/src/anvil/find-anvil.js'
import type {anvil} from '../../../../plugins/graph/src/anvil/type.js'
import register from '../../../../plugins/graph/src/register.js'
import type {RunningStack} from '../../../../src/core/client/api/running-stack.js'
import {openTestHost, testServices, type TestHost} from '../../../../src/testing.js'
import {freePort} from '../../../support/free-port.js'
import {isAlive, processesNaming, root, until} from '../../../support/harness.js'
import {findProgram} from './find-program.js'

type Anvil = ReturnType<typeof anvil>

const service = (config: object = {}) => ({service_type: 'anvil', ports: {rpc: 0}, config})
const launcher = path.join(root, 'plugins/graph/dist/launch/anvil.js')

describe('plugins/graph: the service type anvil', function () {
  this.timeout(60_000)
  let host: TestHost
  before(async () => {
    host = await openTestHost({register})
  })
  after(() => host[Symbol.asyncDispose]())

  const statusOf = async (stack: RunningStack, name: string) => {
    const {services} = await stack.status()
    const found = services.find((each) => each.name === name)
    assert.ok(found)
    return found
  }
  const chainOf = async (stack: RunningStack, name: string): Promise<Chain> => {
    const [endpoint] = (await statusOf(stack, name)).endpoints
    const url = `http://${endpoint?.host}:${endpoint?.port}`
    return new Chain(
      {what: 'Anvil', url},
      {services: testServices(host.stateDirectory), signal: AbortSignal.timeout(30_000)},
    )
  }
  const restart = (stack: RunningStack, name: string) =>
    host.client.service.restart({stack: stack.stack, services: [name]})

  it('keeps the chain in its file over a stop, and is another chain without one', async () => {
    await using stack = await host.start({
      services: {kept: service({state: 'chain/state.json', chain_id: 1337}), fresh: service()},
    })
    const [kept, fresh] = [await chainOf(stack, 'kept'), await chainOf(stack, 'fresh')]
    for (const name of ['kept', 'fresh']) await stack.actions<Anvil>(name)['mine-blocks']({count: 3})
    const seen = {kept: await chainIdentity(kept), fresh: await chainIdentity(fresh)}
    assert.equal(seen.kept.head.block_number, 3)
    await stack.actions<Anvil>('kept')['mine-blocks']({count: 1})

    await restart(stack, 'kept')
    await restart(stack, 'fresh')
    const again = {kept: await chainIdentity(kept), fresh: await chainIdentity(fresh)}
    for (const name of ['kept', 'fresh'] as const)
      assert.notEqual(again[name].instance_id, seen[name].instance_id, `${name} has started again`)
    assert.equal(again.kept.genesis_hash, seen.kept.genesis_hash)
    assert.equal(again.kept.head.block_number, 4)
    assert.equal((await kept.findBlock(3))?.block_hash, seen.kept.head.block_hash)
    assert.equal(again.fresh.head.block_number, 0)
    assert.ok(existsSync(path.join(host.folder, 'chain/state.json')))
  })

  it('leaves a fork with its state put aside', async () => {
    await using stack = await host.start({
      services: {
        other: service(),
        kept: {...service({state: 'fork.json', fork: {url: '${other.url}'}}), dependencies: ['other']},
      },
    })
    const kept = stack.actions<Anvil>('kept')
    assert.equal((await kept['node-info']({})).fork?.block_number, 0)
    await kept.unfork({})
    assert.equal((await kept['node-info']({})).fork, null)
    assert.ok(existsSync(path.join(host.folder, 'fork.json.fork')))
  })

  it('writes below the folder of its attempt only, and leaves nothing', async () => {
    await using stack = await host.start({services: {chain: service()}})
    const program = await findProgram((await statusOf(stack, 'chain')).endpoints[0]?.port)
    const environment = (await readFile(`/proc/${program}/environ`, 'utf8')).split('\0')
    const home = environment.find((each) => each.startsWith('HOME='))?.slice('HOME='.length) ?? ''
    assert.ok(home.startsWith(host.stateDirectory), home)
    await stack.actions<Anvil>('chain')['mine-blocks']({count: 600})
    const written = await readdir(home, {recursive: true})
    assert.ok(
      written.some((file) => file.includes('anvil-state-')),
      written.join(),
    )
    await stack.stop()
    assert.equal(existsSync(home), false)
    assert.deepEqual(await processesNaming(home), [])
  })

  it('leaves no program behind when the script that runs it is killed', async () => {
    await using stack = await host.start({services: {chain: service()}})
    const program = await findProgram((await statusOf(stack, 'chain')).endpoints[0]?.port)
    const [, parent] = /\) \S (\d+)/.exec(await readFile(`/proc/${program}/stat`, 'utf8')) ?? []
    assert.match(await readFile(`/proc/${parent}/cmdline`, 'utf8'), /launch\/anvil\.js/)
    process.kill(Number(parent), 'SIGKILL')
    await until(async () => (await statusOf(stack, 'chain')).state === 'Failed', 'the service has failed')
    await until(async () => !(await isAlive(program)), 'Anvil is gone')
  })

  it('keeps the URL of a forked chain out of command lines', async () => {
    await using stack = await host.start({
      services: {
        other: service({chain_id: 4242}),
        chain: {...service({fork: {url: '${other.url}/?key=s3cr3t-key'}}), dependencies: ['other']},
      },
    })
    const {fork, chain_id} = await stack.actions<Anvil>('chain')['node-info']({})
    assert.match(fork?.url ?? '', /key=s3cr3t-key$/)
    assert.equal(chain_id, 4242)
    const lines = await Promise.all(
      (await readdir('/proc'))
        .filter((name) => /^\d+$/.test(name))
        .map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
    )
    assert.deepEqual(
      lines.filter((line) => line.includes('s3cr3t-key')),
      [],
    )
    assert.ok(lines.some((line) => line.includes('--fork-url\0harness_fork')))
  })

  it('says what is wrong when it cannot start', async () => {
    const dead = `http://127.0.0.1:${await freePort()}`
    const wrong: readonly (readonly [object, RegExp])[] = [
      [{binary: 'no-such-anvil'}, /Anvil was not found: there is no program no-such-anvil/],
      [{fork: {url: dead}}, /failed to get fork block number|Connection refused/],
      [{hardfork: 'nonsense'}, /Unknown hardfork: nonsense/],
      [{state: 'harness.yaml/state.json'}, /the state of the chain cannot be kept in \S+harness\.yaml\/state\.json/],
    ]
    for (const [config, said] of wrong) {
      const start = host.start({services: {chain: service(config)}})
      await assert.rejects(start, (error: Error & {details?: unknown}) => {
        assert.match(`${error.message} ${JSON.stringify(error.details)}`, said)
        return true
      })
    }
  })

  it('says who has its port', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const {port} = server.address() as {port: number}
    const start = host.start({services: {chain: {...service(), ports: {rpc: port}}}})
    await assert.rejects(start, (error: Error) => new RegExp(`PORT_BUSY|${port}`).test(JSON.stringify(error)))
    server.close()
    await once(server, 'close')
  })

  it('tells its blocks as events', async () => {
    const events = host.client.events({topics: ['service.event']})
    await events.ready
    const heard: unknown[] = []
    const hearing = (async () => {
      for await (const item of events) if ('event' in item && heard.push(item.event) === 5) return
    })()
    await using stack = await host.start({services: {chain: service()}})
    const {block_hash, timestamp} = await stack.actions<Anvil>('chain')['mine-blocks']({count: 2})
    assert.ok(timestamp > 0)
    await hearing
    const {port} = (await statusOf(stack, 'chain')).endpoints[0] ?? {}
    assert.deepEqual(heard[0], {what: 'listening', address: `127.0.0.1:${port}`})
    assert.deepEqual(
      [heard[1], heard[3]],
      [
        {what: 'block', number: 1},
        {what: 'block', number: 2},
      ],
    )
    assert.deepEqual(heard[4], {what: 'block-hash', hash: block_hash})
  })

  it('runs the program itself where npm has a script that starts it', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'harness-anvil-test-'))
    await mkdir(path.join(folder, 'bin'))
    const script = path.join(folder, 'bin', 'anvil')
    await symlink(path.join(root, 'node_modules/@foundry-rs/anvil/bin.mjs'), script)
    assert.match(findAnvil(script) ?? '', /anvil-\w+-\w+\/bin\/anvil$/)
    await rm(folder, {recursive: true})
  })

  it('is not found without a package and PATH, and the launcher says how to have it', async () => {
    const env = {PATH: '/nowhere', HARNESS_ANVIL_BINARY: 'anvil'}
    const {code, stderr} = await new Promise<{code: unknown; stderr: string}>((resolve) => {
      execFile(process.execPath, [launcher], {env}, (error, _stdout, stderr) => {
        resolve({code: error?.code, stderr})
      })
    })
    assert.equal(code, 1)
    assert.equal(stderr, 'Error: Anvil was not found: there is no program anvil. Correct `binary` of the service.\n')
  })
})

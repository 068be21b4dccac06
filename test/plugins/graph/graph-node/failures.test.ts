import assert from 'node:assert/strict'
import {createServer} from 'node:net'
import {once} from 'node:events'
import {after, before, describe, it} from 'mocha'
import type {JsonObject} from '../../../../src/core/base/json.js'
import type {RunningStack} from '../../../../src/core/client/api/running-stack.js'
import {freePort} from '../../../support/free-port.js'
import {processesNaming, until} from '../../../support/harness.js'
import {Scene} from './scene.js'
import {deployToken, rpc, subgraph, transfer} from './token.js'

const name = 'acme/token'

describe('graph-node when something is not there', () => {
  let scene: Scene
  const open: AsyncDisposable[] = []

  before(async function () {
    open.push((scene = await Scene.open(this)))
  })

  after(async () => {
    for (const each of open.reverse()) await each[Symbol.asyncDispose]()
  })

  /** It ends by itself, at once, and its last line says why. */
  const failsToStart = (service: JsonObject, line: RegExp) =>
    assert.rejects(scene.start({node: service}), (error: Error) => {
      assert.match(error.message, line)
      return true
    })

  it('says that PostgreSQL does not answer', async () => {
    const postgres = `postgresql://graph-node:let-me-in@127.0.0.1:${await freePort()}/x`
    await failsToStart(
      await scene.service({postgres}),
      /PostgreSQL cannot be reached at 127\.0\.0\.1:\d+: .*ECONNREFUSED/,
    )
  })

  it('says that the database is not there, is of another form, or has no password in its address', async () => {
    const missing = scene.backends.databaseUrl('missing')
    await failsToStart(await scene.service({postgres: missing}), /has no database 'missing'/)
    const latin = await scene.backends.database(
      'latin',
      "template template0 encoding 'LATIN1' lc_collate 'C' lc_ctype 'C'",
    )
    await failsToStart(await scene.service({postgres: latin}), /has the encoding LATIN1 .* insists on UTF8 and C/)
    await failsToStart(await scene.service({postgres: latin.replace(':let-me-in', '')}), /has no password/)
  })

  it('says that IPFS does not answer', async () => {
    const ipfs = `http://127.0.0.1:${await freePort()}`
    await failsToStart(await scene.service({ipfs}), /IPFS cannot be used at http:.*: .*ECONNREFUSED/)
    const service = await scene.service({ipfs: scene.backends.chain})
    await failsToStart(service, /IPFS cannot be used at .*: it answers \d+ to \/api\/v0\/version/)
  })

  it('says that the chain does not answer', async () => {
    const ethereum = {hardhat: scene.backends.chain, other: `http://127.0.0.1:${await freePort()}`}
    await failsToStart(await scene.service({ethereum}), /The chain 'other' cannot be used at .*ECONNREFUSED/)
  })

  it('says which port is taken', async () => {
    const taken = createServer().listen(0, '0.0.0.0')
    await once(taken, 'listening')
    const {port} = taken.address() as {port: number}
    const service = await scene.service()
    for (const each of ['http', 'admin', 'status', 'metrics']) {
      const ports = {...(service['ports'] as JsonObject), [each]: port}
      await failsToStart({...service, ports}, new RegExp(`${port}`))
    }
    taken.close()
  })

  it('says that there is no such program', async () => {
    await failsToStart(await scene.service({binary: './no-gnd'}), /There is no program '.\/no-gnd'/)
  })

  it('says of each action that graph-node does not answer', async () => {
    const ports = Object.fromEntries(
      await Promise.all(['http', 'admin', 'status', 'metrics'].map(async (each) => [each, await freePort()] as const)),
    )
    const target = {type: 'process', binary: process.execPath, args: ['-e', 'setInterval(() => {}, 1000)']}
    const health_check = {command: 'true'}
    await using stack = await scene.start({node: {...(await scene.service()), ports, target, health_check}})
    const deployment = 'QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o'
    const inputs: Readonly<Record<string, object>> = {
      create: {name},
      'deploy-subgraph': {name, path: subgraph},
      'wait-for-sync': {name},
      'query-subgraph': {name, query: '{a}'},
      'indexing-status': {},
      pause: {name},
      resume: {deployment},
      reassign: {name, node_id: 'default'},
      'remove-subgraph': {name},
    }
    const {actions} = await scene.host.client.action.list({stack: stack.stack, service: 'node'})
    assert.deepEqual(actions.map((action) => action.name).sort(), Object.keys(inputs).sort())
    for (const [action, input] of Object.entries(inputs))
      await refuses(stack, action, input, /graph-node cannot be reached at http:.*ECONNREFUSED/)
  })

  it('says of a deployment that IPFS has gone, and of waiting that the chain has', async () => {
    await using stack = await scene.start({node: await scene.service()})
    await scene.act(stack, 'deploy-subgraph', {name, path: subgraph})
    await scene.backends.ipfs.pause(async () => {
      await refuses(stack, 'deploy-subgraph', {name, path: subgraph}, /IPFS cannot be reached at http/)
    })
    await scene.act(stack, 'wait-for-sync', {name})
    await scene.backends.endAnvil()
    await refuses(stack, 'wait-for-sync', {name}, /the chain 'hardhat' cannot be reached at http.*ECONNREFUSED/)
    await scene.backends.renewAnvil()
    await deployToken(scene.backends.chain)
  })

  it('sees that the chain was begun anew, and says what mends that', async () => {
    await using stack = await scene.start({node: await scene.service()})
    const {chain} = scene.backends
    await transfer(chain, 5)
    await scene.act(stack, 'deploy-subgraph', {name, path: subgraph})
    await scene.act(stack, 'wait-for-sync', {name})
    await scene.backends.renewAnvil()
    const other = /the chain 'hardhat' is not the one that graph-node has indexed.*block 2.*`harness graph reset`/
    await refuses(stack, 'wait-for-sync', {name, timeout_secs: 30}, other)
    await deployToken(chain)
    await rpc(chain, 'anvil_mine', 5)
    await refuses(stack, 'wait-for-sync', {name, timeout_secs: 30}, other)
  })

  it('goes on with its subgraphs when it is started again, also after a crash', async () => {
    const {chain} = scene.backends
    await using stack = await scene.start({
      node: {...(await scene.service()), restart: {policy: 'on-failure', delay: '10ms'}},
    })
    await scene.act(stack, 'deploy-subgraph', {name, path: subgraph})
    await scene.act(stack, 'wait-for-sync', {name})
    const [gnd = 0] = await gndsOf(scene)
    process.kill(gnd, 'SIGKILL')
    await until(async () => (await gndsOf(scene)).some((pid) => pid !== gnd), 'another one runs')
    await until(async () => (await stateOf(stack)) === 'Running', 'it is ready')
    await transfer(chain, 7)
    await scene.act(stack, 'wait-for-sync', {name})
    const query = `{transfers(where: {value: 7}) {value}}`
    const {output} = await scene.act<{data: object}>(stack, 'query-subgraph', {name, query})
    assert.deepEqual(output.data, {transfers: [{value: '7'}]})
  })

  it('stops when it is asked to, which is no failure, and leaves no process', async () => {
    const stack = await scene.start({node: await scene.service()})
    await stack.stop()
    assert.equal(await stateOf(stack), 'Stopped')
    assert.deepEqual(await gndsOf(scene), [])
  })

  const refuses = (stack: RunningStack, action: string, input: object, reason: RegExp) =>
    assert.rejects(scene.act(stack, action, input as JsonObject), (error: Error & {hint: string}) => {
      assert.match(`${error.message} ${error.hint}`, reason)
      return true
    })
})

async function stateOf(stack: RunningStack): Promise<string | undefined> {
  return (await stack.status()).services.find(({name: each}) => each === 'node')?.state
}

/** Its processes, of this host alone. */
async function gndsOf({host}: Scene): Promise<readonly number[]> {
  const all = await processesNaming(host.stateDirectory)
  const gnds = await processesNaming('--index-node-port')
  return all.filter((pid) => gnds.includes(pid))
}

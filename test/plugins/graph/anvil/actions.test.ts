import assert from 'node:assert/strict'
import {after, before, describe, it} from 'mocha'
import type {anvil} from '../../../../plugins/graph/src/anvil/type.js'
import register from '../../../../plugins/graph/src/register.js'
import type {RunningStack} from '../../../../src/core/client/api/running-stack.js'
import {openTestHost, type TestHost} from '../../../../src/testing.js'
import {freePort} from '../../../support/free-port.js'
import {until} from '../../../support/harness.js'
import {findProgram} from './find-program.js'
import {standIn} from './stand-in.js'

type Anvil = ReturnType<typeof anvil>

const nobody = '0x00000000000000000000000000000000000000aa'
const service = (config: object) => ({service_type: 'anvil', ports: {rpc: 0}, config})

/** Each action, with an input that fits. */
const calls: readonly (readonly [action: string, input: object])[] = [
  ['mine-blocks', {count: 1}],
  ['set-balance', {address: nobody, balance: '1'}],
  ['fork', {url: 'http://127.0.0.1:1'}],
  ['unfork', {}],
  ['snapshot', {}],
  ['revert', {id: '0x0'}],
  ['increase-time', {seconds: 1}],
  ['reorg', {depth: 1}],
  ['set-automine', {enabled: true}],
  ['impersonate', {address: nobody}],
  ['node-info', {}],
]

const wrong: readonly (readonly [action: string, input: object, field: RegExp])[] = [
  ['mine-blocks', {}, /count/],
  ['mine-blocks', {count: 0}, /count/],
  ['mine-blocks', {count: 1, interval_secs: -1}, /interval_secs/],
  ['set-balance', {address: '0xzz', balance: '1'}, /address/],
  ['set-balance', {address: nobody, balance: '1.5'}, /balance/],
  ['fork', {url: 'ftp://example.org'}, /url/],
  ['fork', {url: 'http://127.0.0.1:1', block_number: -1}, /block_number/],
  ['unfork', {url: 'http://127.0.0.1:1'}, /url/],
  ['snapshot', {name: 'a'}, /name/],
  ['revert', {id: '1'}, /id/],
  ['increase-time', {seconds: 0.5}, /seconds/],
  ['reorg', {depth: 0}, /depth/],
  ['set-automine', {enabled: 'yes'}, /enabled/],
  ['impersonate', {address: nobody.slice(0, 40)}, /address/],
  ['node-info', {verbose: true}, /verbose/],
]

describe('plugins/graph: actions of anvil', function () {
  this.timeout(60_000)
  let host: TestHost
  let stack: RunningStack

  before(async () => {
    host = await openTestHost({register})
    stack = await host.start({
      services: {
        chain: service({}),
        other: service({chain_id: 1337}),
        // Keeps the balances of the newest blocks only.
        pruned: service({chain_id: 1338, args: ['--prune-history', '2']}),
        spare: service({}),
        refuse: standIn('refuse'),
        'hang-up': standIn('hang-up'),
        talk: standIn('talk'),
      },
    })
  })
  after(() => host[Symbol.asyncDispose]())

  const on = (name: string) => stack.actions<Anvil>(name)
  const call = (name: string, action: string, input: object) =>
    host.client.action.invoke({stack: stack.stack, service: name, action, input: input as Record<string, never>})
  const urlOf = async (name: string): Promise<string> => {
    const {services} = await stack.status()
    const endpoint = services.find((each) => each.name === name)?.endpoints[0]
    assert.ok(endpoint)
    return `http://${endpoint.host}:${endpoint.port}`
  }

  for (const [action, input, field] of wrong) {
    it(`${action} refuses ${JSON.stringify(input)}`, async () => {
      await assert.rejects(call('chain', action, input), {code: 'ACTION_INPUT_INVALID', message: field})
    })
  }

  it('each fails with one clear message where the program is not Anvil', async () => {
    for (const [action, input] of calls) {
      const said = action === 'fork' ? /cannot be reached at http:\/\/127\.0\.0\.1:1/ : /Anvil at http:\S+ knows no \w+/
      await assert.rejects(call('refuse', action, input), {code: 'ACTION_FAILED', message: said}, action)
    }
  })

  it('each fails with one clear message where the program hangs up, or talks nonsense', async () => {
    for (const [action, input] of calls.filter(([name]) => name !== 'fork')) {
      const [gone, odd] = [
        /Anvil cannot be reached at http:\S+ \S/,
        /Anvil at http:\S+ answers 200 .* no JSON-RPC: hello/,
      ]
      await assert.rejects(call('hang-up', action, input), {code: 'ACTION_FAILED', message: gone}, action)
      await assert.rejects(call('talk', action, input), {code: 'ACTION_FAILED', message: odd}, action)
    }
  })

  it('set-balance takes decimals and hexadecimals, up to the largest', async () => {
    const balance = (2n ** 256n - 1n).toString()
    assert.deepEqual(await on('chain')['set-balance']({address: nobody, balance}), {address: nobody, balance})
    const set = await on('chain')['set-balance']({address: nobody, balance: '0xff'})
    assert.equal(set.balance, '255')
    const larger = call('chain', 'set-balance', {address: nobody, balance: '9'.repeat(78)})
    await assert.rejects(larger, {code: 'ACTION_FAILED', message: /Anvil refuses anvil_setBalance/})
  })

  it('mine-blocks sets the times of the blocks as far apart as is said, over chunks too', async () => {
    const before = await on('spare')['increase-time']({seconds: 1})
    const events: unknown[] = []
    const mined = await on('spare')['mine-blocks']({count: 251, interval_secs: 12}, {onEvent: (e) => events.push(e)})
    assert.equal(mined.block_number, before.block_number + 251)
    assert.ok(mined.timestamp >= before.timestamp + 251 * 12 && mined.timestamp <= before.timestamp + 251 * 12 + 10)
    assert.deepEqual(events.at(-1), {mined: 251, total: 251, block_number: mined.block_number})
    assert.ok(events.length >= 2)
  })

  it('revert takes the chain back, and refuses what is used up', async () => {
    const {id, ...head} = await on('chain').snapshot({})
    await on('chain')['mine-blocks']({count: 2})
    assert.deepEqual(await on('chain').revert({id}), head)
    for (const unknown of [id, '0xffff']) {
      await assert.rejects(on('chain').revert({id: unknown}), {code: 'ACTION_FAILED', message: /no snapshot 0x/})
    }
  })

  it('increase-time moves the clock by what is said, and one block on', async () => {
    const before = await on('chain')['increase-time']({seconds: 1})
    const later = await on('chain')['increase-time']({seconds: 3600})
    assert.equal(later.block_number, before.block_number + 1)
    const passed = later.timestamp - before.timestamp
    assert.ok(passed >= 3600 && passed < 3660, `${passed} seconds`)
  })

  it('reorg replaces blocks, and refuses more than there are', async () => {
    const {block_number, block_hash} = await on('chain')['mine-blocks']({count: 3})
    const other = await on('chain').reorg({depth: 2})
    assert.deepEqual([other.block_number, other.replaced_hash], [block_number, block_hash])
    assert.notEqual(other.block_hash, block_hash)
    await assert.rejects(on('chain').reorg({depth: 9999}), {
      code: 'ACTION_FAILED',
      message: /Anvil refuses anvil_reorg: Reorg depth must not exceed/,
    })
  })

  it('set-automine and impersonate answer what Anvil does then', async () => {
    assert.deepEqual(await on('chain')['set-automine']({enabled: false}), {enabled: false})
    assert.deepEqual(await on('chain')['set-automine']({enabled: true}), {enabled: true})
    assert.deepEqual(await on('chain').impersonate({address: nobody}), {address: nobody, unlocked: true})
    assert.deepEqual(await on('chain').impersonate({address: nobody, stop: true}), {address: nobody, unlocked: false})
  })

  it('fork copies another chain, and unfork leaves nothing of it', async () => {
    await on('other')['mine-blocks']({count: 5})
    await on('other')['set-balance']({address: nobody, balance: '200'})
    await on('other')['mine-blocks']({count: 1})
    const [url, own] = [await urlOf('other'), await urlOf('chain')]
    const before = await on('chain')['node-info']({})
    await assert.rejects(on('chain').unfork({}), {code: 'ACTION_FAILED', message: /it is not a fork/})

    const forked = await on('chain').fork({url, block_number: 6})
    assert.deepEqual([forked.block_number, forked.fork], [6, {url, block_number: 6}])
    assert.equal(await balanceAt(own), 200n)
    const latest = await on('chain').fork({url})
    assert.equal(latest.fork.block_number, 6)

    const left = await on('chain').unfork({})
    const now = await on('chain')['node-info']({})
    assert.deepEqual([now.instance_id, now.fork, now.block_number], [left.instance_id, null, 0])
    assert.equal(now.chain_id, before.chain_id)
    assert.notEqual(now.instance_id, before.instance_id)
    assert.equal(await urlOf('chain'), own)
    assert.equal(await balanceAt(own), 0n)
  })

  it('fork refuses what cannot be forked, and the chain stays as it is', async () => {
    await on('pruned')['mine-blocks']({count: 20})
    const before = await on('chain')['node-info']({})
    const pruned = await urlOf('pruned')
    const refused: readonly (readonly [object, RegExp])[] = [
      [{url: pruned, block_number: 5}, /has no state of block 5 any more: \S/],
      [{url: pruned, block_number: 99}, /has no block 99: its newest one is 20/],
      [{url: `http://127.0.0.1:${await freePort()}`}, /The chain to fork cannot be reached at http:\S+ .*ECONNREFUSED/],
      [{url: await urlOf('chain')}, /is this chain itself/],
      [{url: await urlOf('talk')}, /and no JSON-RPC: hello/],
    ]
    for (const [input, message] of refused) {
      await assert.rejects(call('chain', 'fork', input), {code: 'ACTION_FAILED', message})
    }
    assert.deepEqual(await on('chain')['node-info']({}), before)
  })

  it('mining that is cancelled ends soon', async () => {
    const cancel = new AbortController()
    const mining = on('spare')['mine-blocks'](
      {count: 100_000},
      {
        signal: cancel.signal,
        onEvent: () => {
          cancel.abort(new Error('enough'))
        },
      },
    )
    await assert.rejects(mining, /enough/)
    let last = -1
    await until(async () => {
      const {block_number} = await on('spare')['node-info']({})
      const rests = block_number === last
      last = block_number
      return rests
    }, 'no more blocks come')
    assert.ok(last < 5000, `${last} blocks`)
  })

  it('Anvil that is killed while it mines is one clear error, of the service too', async () => {
    const program = await findProgram(Number(new URL(await urlOf('spare')).port))
    const mining = on('spare')['mine-blocks']({count: 100_000}, {onEvent: () => void process.kill(program, 'SIGKILL')})
    await assert.rejects(mining, {message: /^Action 'spare mine-blocks' failed: (Anvil cannot be reached|it ended)/})
    await until(async () => {
      const {services: now} = await stack.status()
      return now.some(({name, state}) => name === 'spare' && state === 'Failed')
    }, 'the service has failed')
  })

  it('each is refused while the service does not run', async () => {
    for (const [action, input] of calls) {
      await assert.rejects(call('spare', action, input), {code: 'SERVICE_NOT_RUNNING'}, action)
    }
  })
})

async function balanceAt(url: string): Promise<bigint> {
  const body = JSON.stringify({jsonrpc: '2.0', id: 1, method: 'eth_getBalance', params: [nobody, 'latest']})
  const answer = await fetch(url, {method: 'POST', headers: {'content-type': 'application/json'}, body})
  const {result} = (await answer.json()) as {result: string}
  return BigInt(result)
}

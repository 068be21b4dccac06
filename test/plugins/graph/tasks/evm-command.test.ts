import assert from 'node:assert/strict'
import {once} from 'node:events'
import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {describe, it} from 'mocha'
import {systemClock} from '../../../../src/core/base/clock.js'
import {freePort} from '../../../support/free-port.js'
import {needs} from '../../../support/needs.js'
import {Chain, hasAnvil, TaskBench} from './bench.js'

describe('evm-command', () => {
  let chain: Chain
  let bench: TaskBench
  const task = (more: object) => ({
    task_type: 'evm-command',
    config: {ethereum_url: chain.url, poll_secs: 0.05, ...more},
  })
  const run = async (more: object) => {
    await bench.load({evm: task(more)})
    return bench.run('evm')
  }

  before(async function () {
    needs(this, hasAnvil, 'Anvil')
    chain = await Chain.start()
    bench = await TaskBench.open()
  })
  after(async () => {
    await bench[Symbol.asyncDispose]()
    await chain[Symbol.asyncDispose]()
  })

  it('runs a command that knows the chain, and has what it printed as an output', async () => {
    const {reason, outputs, events} = await run({
      command: ['sh', '-c', 'printenv RPC_URL MORE; echo aside >&2'],
      env: {MORE: 'more'},
    })
    assert.equal(reason, '')
    assert.equal(outputs['stdout'], `${chain.url}\nmore`)
    assert.deepEqual(
      [...events].sort((one, other) => JSON.stringify(one).localeCompare(JSON.stringify(other))),
      [
        {stream: 'stderr', text: 'aside'},
        {stream: 'stdout', text: chain.url},
        {stream: 'stdout', text: 'more'},
      ],
    )
  })

  it('calls the chain, and has the answers as outputs', async () => {
    const calls = [{method: 'evm_increaseTime', params: [12]}, {method: 'eth_chainId'}]
    assert.deepEqual(((await run({rpc: calls})).outputs['results'] as readonly unknown[])[1], '0x7a69')
    assert.equal(
      (await run({rpc: [{method: 'no_such'}]})).reason,
      `the chain at ${chain.url} refuses no_such: Method not found`,
    )
  })

  it('mines while it waits for the chain, and tells how it gets on', async () => {
    const height = Number(await chain.call<string>('eth_blockNumber'))
    const until = {rpc: {method: 'eth_blockNumber', at_least: height + 5}}
    const {reason, outputs, events} = await run({until, mine: {blocks_per_poll: 2, interval_secs: 12}})
    assert.equal(reason, '')
    assert.deepEqual([outputs['polls'], outputs['blocks_mined']], [4, 6])
    assert.equal(Number(outputs['answer']), height + 6)
    assert.equal(
      (events[0] as {waits_for: string}).waits_for,
      `the answer to be at least ${height + 5} of eth_blockNumber`,
    )
    const [one, other] = await Promise.all(
      [height + 6, height + 5].map((block) =>
        chain.call<{timestamp: string}>('eth_getBlockByNumber', `0x${block.toString(16)}`, false),
      ),
    )
    assert.equal(Number(one!.timestamp) - Number(other!.timestamp), 12)
  })

  describe('with GraphQL', () => {
    const answers: unknown[] = []
    const server = createServer((request, response) => {
      request.resume()
      response.end(JSON.stringify(answers.length > 1 ? answers.shift() : answers[0]))
    })
    let url: string
    before(async () => {
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    })
    after(() => server.close())
    const until = (more: object) => ({until: {graphql: {url, query: '{ allocations { status } }', ...more}}})

    it('waits until the part that is meant is as it must be', async () => {
      answers.splice(
        0,
        9,
        {errors: [{message: 'deployment `a` does not exist'}]},
        {data: {allocations: []}},
        {data: {allocations: [{status: 'Active'}]}},
      )
      const {reason, outputs, events} = await run(until({path: 'allocations.0.status', equals: 'Active'}))
      assert.equal(reason, '')
      assert.deepEqual([outputs['answer'], outputs['polls'], outputs['blocks_mined']], ['Active', 3, 0])
      assert.deepEqual(
        events.map((event) => (event as {answer: string}).answer),
        ['deployment `a` does not exist', 'nothing', 'Active'],
      )
    })

    it('takes a pattern, or anything that is there', async () => {
      answers.splice(0, 9, {data: {allocations: [{status: 'Active'}]}})
      assert.equal((await run(until({path: 'allocations', matches: 'Act.v'}))).state, 'Succeeded')
      assert.equal((await run(until({path: 'allocations'}))).state, 'Succeeded')
      assert.match((await run(until({matches: '('}))).reason, /^`matches` is no regular expression: /)
    })

    it('waits for who serves it as well', async () => {
      const late = createServer((_, response) => response.end('{"data": 1}'))
      const port = await freePort()
      const at = `http://127.0.0.1:${port}`
      await bench.load({evm: task({until: {graphql: {url: at, query: '{ x }'}}})})
      const running = bench.run('evm')
      await systemClock.sleep(300)
      late.listen(port, '127.0.0.1')
      const {reason, events} = await running
      late.close()
      assert.equal(reason, '')
      assert.deepEqual(
        events.map((event) => (event as {answer: string}).answer),
        [`the GraphQL server cannot be reached at ${at}: connect ECONNREFUSED 127.0.0.1:${port}`, '1'],
      )
    })

    it('says the last answer when its time is over', async () => {
      answers.splice(0, 9, {data: {allocations: [{status: 'Closed'}]}})
      const {reason} = await run({...until({path: 'allocations.0.status', equals: 'Active'}), timeout_secs: 0.3})
      assert.equal(
        reason,
        `waited 0.3 s in vain for allocations.0.status to be Active at ${url}; the last answer was Closed`,
      )
    })
  })

  it('says what is wrong', async () => {
    const port = await freePort()
    const refused = (more: object) =>
      bench.load({evm: task(more)}).then(
        () => '',
        (error: unknown) => (error as Error).message,
      )
    assert.equal(
      (await run({ethereum_url: `http://127.0.0.1:${port}`, rpc: [{method: 'eth_chainId'}]})).reason,
      `the chain cannot be reached at http://127.0.0.1:${port}: connect ECONNREFUSED 127.0.0.1:${port}`,
    )
    assert.equal(
      (await run({command: ['sh', '-c', 'echo no gas; exit 2']})).reason,
      '`sh -c echo no gas; exit 2` ended with exit code 2:\nno gas',
    )
    assert.match((await run({command: ['no-such-tool']})).reason, /^no-such-tool was not found from /)
    assert.match(await refused({}), /tasks\.evm\.config needs 'command'/)
    assert.match(await refused({until: {sql: {}}}), /tasks\.evm\.config\.until\.sql is not a key/)
    assert.match(await refused({rpc: [{params: []}]}), /tasks\.evm\.config\.rpc\[0\] needs 'method'/)
  })
})

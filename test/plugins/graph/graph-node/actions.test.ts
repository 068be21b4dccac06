import assert from 'node:assert/strict'
import {mkdir, readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {after, before, describe, it} from 'mocha'
import type {RunningStack} from '../../../../src/core/client/api/running-stack.js'
import type {graphNode} from '../../../../plugins/graph/src/graph-node/type.js'
import {Scene} from './scene.js'
import {receiver, rpc, subgraph, transfer} from './token.js'

const name = 'acme/token'
const unknown = 'QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o'

describe('actions of graph-node', () => {
  let scene: Scene
  let stack: RunningStack
  const open: AsyncDisposable[] = []

  before(async function () {
    open.push((scene = await Scene.open(this)))
    stack = await scene.start({node: await scene.service()})
  })

  after(async () => {
    for (const each of open.reverse()) await each[Symbol.asyncDispose]()
  })

  const act = <Output>(action: string, input: object) => scene.act<Output>(stack, action, input as never)
  const refuses = (action: string, input: object, message: RegExp, code = 'ACTION_FAILED') =>
    assert.rejects(act(action, input), (error: Error & {code: string}) => {
      assert.equal(error.code, code, error.message)
      assert.match(error.message, message)
      return true
    })

  it('indexes a transfer, and answers what it was, to the types of a program', async () => {
    const actions = stack.actions<ReturnType<typeof graphNode>>('node')
    const {deployment, queries} = await actions['deploy-subgraph']({name, path: subgraph, version_label: 'v0.0.1'})
    await transfer(scene.backends.chain, 5)
    const {block, head} = await actions['wait-for-sync']({name})
    assert.deepEqual([block, head], [2, 2])
    const query = '{transfers(orderBy: block) {to value}}'
    const {data} = await actions['query-subgraph']({name, query})
    assert.deepEqual((data as {transfers: unknown[]}).transfers[1], {to: receiver, value: '5'})
    const response = await fetch(queries, {method: 'POST', body: JSON.stringify({query: '{_meta {deployment}}'})})
    assert.deepEqual(await response.json(), {data: {_meta: {deployment}}})
  })

  it('deploys twice without a change, says what it uploads, and deploys by hash too', async () => {
    const [before] = await statuses()
    const {output, lines} = await act<{deployment: string}>('deploy-subgraph', {
      name,
      path: `${subgraph}/build/subgraph.yaml`,
    })
    assert.equal(output.deployment, before?.deployment)
    assert.equal(lines.filter((line) => line.startsWith('uploaded ')).length, 4)
    const again = await act<{deployment: string}>('deploy-subgraph', {name: 'acme/other', ipfs_hash: output.deployment})
    assert.equal(again.output.deployment, output.deployment)
    await act('wait-for-sync', {name: 'acme/other'})
    assert.equal((await statuses()).length, 1)
  })

  it('waits for a block that is yet to come, and says how it gets on', async () => {
    const {chain} = scene.backends
    const head = Number(await rpc(chain, 'eth_blockNumber'))
    const waiting = act<{block: number}>('wait-for-sync', {name, block: head + 2})
    await transfer(chain, 6)
    await transfer(chain, 7)
    const {output, events, lines} = await waiting
    assert.equal(output.block, head + 2)
    assert.deepEqual(events.at(-1), {block: head + 2, head: head + 2})
    assert.equal(lines.at(-1), `block ${head + 2} of ${head + 2}`)
  })

  it('corrects its data after a reorganisation', async () => {
    const {chain} = scene.backends
    const head = Number(await rpc(chain, 'eth_blockNumber'))
    await rpc(chain, 'anvil_reorg', 2, [])
    await rpc(chain, 'anvil_mine', 1)
    await act('wait-for-sync', {name, block: head + 1})
    const {output} = await act<{data: object}>('query-subgraph', {
      name,
      query: 'query ($first: Int) {transfers(first: $first, orderBy: block) {value}}',
      variables: {first: 10},
    })
    assert.deepEqual(output.data, {transfers: [{value: '1000000'}, {value: '5'}]})
  })

  it('pauses, is not waited for then, and resumes', async () => {
    const [{deployment} = {deployment: ''}] = await statuses()
    assert.deepEqual((await act('pause', {name})).output, {deployment, paused: true})
    await refuses('wait-for-sync', {name}, /is paused/)
    assert.deepEqual((await act('resume', {deployment})).output, {deployment, paused: false})
    await transfer(scene.backends.chain, 8)
    await act('wait-for-sync', {deployment})
  })

  it('gives a deployment to another node, and back', async () => {
    const [{deployment} = {deployment: ''}] = await statuses()
    assert.deepEqual((await act('reassign', {name, node_id: 'index_2'})).output, {deployment, node_id: 'index_2'})
    assert.deepEqual((await act('reassign', {deployment, node_id: 'default'})).output, {deployment, node_id: 'default'})
  })

  it('tells numbers as numbers, and hashes as chains write them', async () => {
    await act('wait-for-sync', {name})
    const [status] = await statuses()
    const head = await rpc<{number: string; hash: string}>(
      scene.backends.chain,
      'eth_getBlockByNumber',
      'latest',
      false,
    )
    assert.deepEqual(status?.latest_block, {number: Number(head.number), hash: head.hash})
    assert.ok(status)
    const {health, network, paused, node, fatal_error} = status
    assert.deepEqual(
      {health, network, paused, node, fatal_error},
      {
        health: 'healthy',
        network: 'hardhat',
        paused: false,
        node: 'default',
        fatal_error: null,
      },
    )
  })

  it('makes a name, which keeps its id, and removes it with what it stands for', async () => {
    const {output} = await act<{id: string}>('create', {name: 'acme/new'})
    assert.deepEqual((await act('create', {name: 'acme/new'})).output, output)
    assert.deepEqual((await act('remove-subgraph', {name: 'acme/new'})).output, {name: 'acme/new', deployment: null})
    const [{deployment} = {deployment: ''}] = await statuses()
    assert.deepEqual((await act('remove-subgraph', {name: 'acme/other'})).output, {name: 'acme/other', deployment})
    assert.deepEqual((await act('remove-subgraph', {name: 'acme/other'})).output, {
      name: 'acme/other',
      deployment: null,
    })
  })

  it('says with a wrong input what is wrong', async () => {
    const wrong: readonly (readonly [string, object, RegExp])[] = [
      ['create', {}, /name/],
      ['deploy-subgraph', {name}, /`ipfs_hash` or `path`/],
      ['deploy-subgraph', {name, path: subgraph, ipfs_hash: unknown}, /`ipfs_hash` or `path`/],
      ['deploy-subgraph', {name, ipfs_hash: 'x'}, /ipfs_hash/],
      ['wait-for-sync', {name, block: -1}, /block/],
      ['wait-for-sync', {}, /`name` or `deployment`/],
      ['query-subgraph', {name}, /query/],
      ['query-subgraph', {query: '{x}'}, /`name` or `deployment`/],
      ['remove-subgraph', {deployment: unknown}, /name/],
      ['pause', {deployment: 'x'}, /deployment/],
      ['resume', {name, deployment: unknown}, /`name` or `deployment`/],
      ['reassign', {name}, /node_id/],
      ['indexing-status', {name: 1}, /name/],
    ]
    for (const [action, input, message] of wrong) {
      // That one of two is given is said by the action.
      const code = message.source.includes('`') ? 'ACTION_FAILED' : 'ACTION_INPUT_INVALID'
      await refuses(action, input, message, code)
    }
  })

  it('hands on what graph-node refuses', async () => {
    await refuses('create', {name: 'bad name!'}, /refuses subgraph_create: .*expected valid subgraph name/)
    await refuses('deploy-subgraph', {name, ipfs_hash: unknown}, /subgraph resolve error: .*not found locally/)
    await refuses('remove-subgraph', {name: 'bad name!'}, /valid subgraph name/)
    await refuses('query-subgraph', {name: 'acme/none', query: '{a}'}, /`acme\/none` does not exist/)
    await refuses('query-subgraph', {name, query: '{none}'}, /answered with errors: .*none/)
    await refuses('reassign', {name, node_id: ''.padStart(64, 'x')}, /node_id/, 'ACTION_INPUT_INVALID')
    for (const action of ['pause', 'resume', 'indexing-status', 'wait-for-sync'])
      await refuses(action, {deployment: unknown}, new RegExp(`no deployment ${unknown}`))
    await refuses('reassign', {name: 'acme/none', node_id: 'default'}, /nothing is deployed as 'acme\/none'/)
    await refuses('wait-for-sync', {name, block: 9999, timeout_secs: 0.2}, /not indexed within 0.2 s.*of 9999/)
  })

  it('says of a subgraph that cannot be deployed why', async () => {
    const folder = path.join(scene.host.folder, 'wrong')
    await mkdir(folder)
    await refuses('deploy-subgraph', {name, path: 'nowhere'}, /there is no .*nowhere/)
    await refuses('deploy-subgraph', {name, path: 'wrong'}, /no subgraph.yaml in/)
    const built = await readFile(path.join(subgraph, 'build', 'subgraph.yaml'), 'utf8')
    const write = (text: string) => writeFile(path.join(folder, 'subgraph.yaml'), text)
    await write(built.replace('Token/Token.wasm', './src/mapping.ts'))
    await refuses('deploy-subgraph', {name, path: 'wrong'}, /is not built: its mapping is \.\/src\/mapping\.ts/)
    await write(built)
    await refuses('deploy-subgraph', {name, path: 'wrong'}, /which is not there|is not built/)
    const build = path.join(subgraph, 'build')
    const absolute = built.replaceAll(/file: (.*)/g, (_all, file: string) => `file: ${path.join(build, file)}`)
    await write(absolute.replace('network: hardhat', 'network: mainnet'))
    await refuses('deploy-subgraph', {name, path: 'wrong'}, /for the network 'mainnet', and graph-node has 'hardhat'/)
    await write('a: [')
    await refuses('deploy-subgraph', {name, path: 'wrong'}, /is no YAML/)
  })

  it('tells at once of a mapping that fails, with the reason, the handler and the block', async () => {
    const {chain} = scene.backends
    await transfer(chain, 666)
    const head = Number(await rpc(chain, 'eth_blockNumber'))
    const reason = new RegExp(`has failed at block ${head}.*handleTransfer.*nobody transfers 666`)
    await refuses('wait-for-sync', {name, block: head + 100}, reason)
    const [status] = await statuses()
    assert.equal(status?.health, 'failed')
    assert.equal(status.fatal_error?.block?.number, head)
    await refuses('query-subgraph', {name, query: '{transfers {id}}'}, /indexing_error/)
  })

  async function statuses(): Promise<readonly Status[]> {
    return (await act<{subgraphs: readonly Status[]}>('indexing-status', {})).output.subgraphs
  }
})

interface Status {
  readonly deployment: string
  readonly health: string
  readonly network: string
  readonly paused: boolean
  readonly node: string
  readonly latest_block: object | null
  readonly fatal_error: {readonly block: {readonly number: number} | null} | null
}

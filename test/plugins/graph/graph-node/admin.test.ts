import assert from 'node:assert/strict'
import {execFile} from 'node:child_process'
import {cp, readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {promisify} from 'node:util'
import {after, before, describe, it} from 'mocha'
import type {RunningStack} from '../../../../src/core/client/api/running-stack.js'
import {findGnd} from '../../../../plugins/graph/src/graph-node/launch/find-gnd.js'
import {Scene} from './scene.js'
import {subgraph} from './token.js'

const unknown = 'QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o'

describe('the port for administrators of graph-node', () => {
  let scene: Scene
  let stack: RunningStack
  let url: string
  const open: AsyncDisposable[] = []

  before(async function () {
    open.push((scene = await Scene.open(this)))
    stack = await scene.start({node: await scene.service()})
    const {services} = await stack.status()
    const port = services[0]?.endpoints.find(({name}) => name === 'admin')?.port
    url = `http://127.0.0.1:${port}/`
  })

  after(async () => {
    for (const each of open.reverse()) await each[Symbol.asyncDispose]()
  })

  const post = async (body: string): Promise<unknown> => {
    const response = await fetch(url, {method: 'POST', headers: {'content-type': 'application/json'}, body})
    assert.equal(response.status, 200)
    return response.json()
  }
  const create = (id: number, name: string) => ({jsonrpc: '2.0', id, method: 'subgraph_create', params: {name}})
  const deploy = (id: number, name: string, ipfs_hash: string) => ({
    jsonrpc: '2.0',
    id,
    method: 'subgraph_deploy',
    params: {name, ipfs_hash},
  })

  it('takes what other tools have put on IPFS', async () => {
    const {ipfs} = scene.backends
    await promisify(execFile)(findGnd(undefined), ['create', 'acme/tool', '--node', url], {cwd: scene.host.folder})
    const input = {name: 'acme/first', path: subgraph}
    const {output} = await scene.act<{deployment: string}>(stack, 'deploy-subgraph', input)
    const manifest = ipfs.files.get(output.deployment)?.toString() ?? ''
    const answer = await post(JSON.stringify(deploy(1, 'acme/tool', ipfs.put(`# another one\n${manifest}`))))
    assert.match(JSON.stringify(answer), /"queries":":\d+\/subgraphs\/name\/acme\/tool"/)
    await scene.act(stack, 'wait-for-sync', {name: 'acme/tool'})
  })

  it('says which file cannot be had, in the form of graph-node', async () => {
    const {ipfs} = scene.backends
    await post(JSON.stringify(create(1, 'acme/none')))
    const half = ipfs.put(`schema: {file: {/: /ipfs/${unknown}}}`)
    for (const hash of [unknown, half]) {
      const {error, ...others} = (await post(JSON.stringify(deploy(7, 'acme/none', hash)))) as Refused
      assert.deepEqual(others, {jsonrpc: '2.0', id: 7})
      assert.equal(error.code, 0)
      assert.match(error.message, new RegExp(`^subgraph resolve error: .*/ipfs/${unknown} .*not found locally`))
    }
  })

  it('asks IPFS once for each file', async () => {
    const {ipfs} = scene.backends
    const folder = path.join(scene.host.folder, 'other')
    await cp(path.join(subgraph, 'build'), folder, {recursive: true})
    const schema = path.join(folder, 'schema.graphql')
    await writeFile(schema, `# another one\n${await readFile(schema, 'utf8')}`)
    const input = {name: 'acme/once', path: folder}
    const {output} = await scene.act<{deployment: string}>(stack, 'deploy-subgraph', input)
    const manifest = ipfs.files.get(output.deployment)?.toString() ?? ''
    assert.equal(ipfs.files.delete(/schema:[^Q]*(Qm\w{44})/.exec(manifest)?.[1] ?? ''), true)
    const answer = await post(JSON.stringify(deploy(8, 'acme/once', ipfs.put(`# a copy\n${manifest}`))))
    assert.match(JSON.stringify(answer), /"queries":/)
  })

  it('answers what is no manifest as graph-node does', async () => {
    await post(JSON.stringify(create(1, 'acme/none')))
    const hash = scene.backends.ipfs.put('hello world')
    const {error} = (await post(JSON.stringify(deploy(3, 'acme/none', hash)))) as Refused
    assert.match(error.message, /^subgraph resolve error: parse error/)
  })

  it('takes several calls at once, also where one of them is refused', async () => {
    const lost = unknown.replace(/5o$/, '6o')
    const calls = [create(1, 'acme/batch'), deploy(2, 'acme/batch', lost), {jsonrpc: '2.0', id: 3, method: 'none'}]
    const answers = (await post(JSON.stringify(calls))) as {id: number; result?: unknown; error?: {code: number}}[]
    const found = Object.fromEntries(answers.map(({id, error}) => [id, error?.code ?? null]))
    assert.deepEqual(found, {1: null, 2: 0, 3: -32_601})
  })

  it('refuses browsers: a page of somebody else could deploy here', async () => {
    const body = JSON.stringify(create(1, 'acme/browser'))
    const json = {'content-type': 'application/json'}
    for (const headers of [{origin: 'http://evil.example'}, {'user-agent': 'Mozilla/5.0'}])
      assert.equal((await fetch(url, {method: 'POST', headers: {...json, ...headers}, body})).status, 403)
  })

  it('hands on what is no call', async () => {
    assert.deepEqual(await post('{'), {jsonrpc: '2.0', id: null, error: {code: -32_700, message: 'Parse error'}})
    assert.deepEqual(await post('[]'), {jsonrpc: '2.0', id: null, error: {code: -32_600, message: 'Invalid Request'}})
    assert.equal((await fetch(url)).status, 405)
    const long = await fetch(url, {method: 'POST', body: 'x'.repeat(11 * 1024 * 1024)}).catch(() => undefined)
    assert.notEqual(long?.status, 200)
  })
})

interface Refused {
  readonly error: {readonly code: number; readonly message: string}
}

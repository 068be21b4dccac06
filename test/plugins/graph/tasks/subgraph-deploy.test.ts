import assert from 'node:assert/strict'
import {chmod, cp, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {after, before, describe, it} from 'mocha'
import type {RunningStack} from '../../../../src/core/client/api/running-stack.js'
import type {Json} from '../../../../src/core/base/json.js'
import {Scene} from '../graph-node/scene.js'
import {subgraph} from '../graph-node/token.js'

const name = 'acme/token'

describe('subgraph-deploy', () => {
  let scene: Scene
  let stack: RunningStack
  const open: AsyncDisposable[] = []

  before(async function () {
    this.timeout(120_000)
    open.push((scene = await Scene.open(this)))
    const {folder} = scene.host
    await cp(subgraph, path.join(folder, 'subgraph'), {recursive: true})
    await writeFile(path.join(folder, 'build.sh'), '#!/bin/sh\n[ -n "$1" ] || exit 3\necho "built $PWD"\n')
    await chmod(path.join(folder, 'build.sh'), 0o755)
    const task = (more: object) => ({
      task_type: 'subgraph-deploy',
      config: {
        name,
        service: 'node',
        path: 'subgraph',
        ipfs: scene.backends.ipfs.url,
        ethereum: {hardhat: scene.backends.chain},
        ...more,
      },
    })
    stack = await scene.host.start({
      services: {node: await scene.service()},
      tasks: {
        synced: task({wait: 'synced', version_label: 'v1'}),
        deploy: task({}),
        built: task({build: ['../build.sh', 'all'], name: 'acme/built'}),
        unbuilt: task({build: ['../build.sh']}),
        nowhere: task({path: 'nowhere'}),
        other: task({ethereum: {mainnet: scene.backends.chain}, name: 'acme/other'}),
      },
    })
  })
  after(async () => {
    for (const each of open.reverse()) await each[Symbol.asyncDispose]()
  })

  const run = async (task: string) => {
    const events: Json[] = []
    const {task: status, failure} = await scene.host.client.call(
      'task.run',
      {stack: stack.stack, task, force: false},
      {onProgress: (progress) => 'task' in progress && 'event' in progress && events.push(progress.event)},
    )
    const {state, outputs} = status
    return {state, outputs: outputs as {deployment: string; queries: string}, reason: failure?.reason ?? '', events}
  }

  it('deploys, waits until all is indexed, and is complete from then on', async () => {
    const {reason, outputs, events} = await run('synced')
    assert.equal(reason, '')
    const response = await fetch(outputs.queries, {
      method: 'POST',
      body: JSON.stringify({query: '{_meta {deployment}}'}),
    })
    assert.deepEqual(await response.json(), {data: {_meta: {deployment: outputs.deployment}}})
    assert.ok(events.some((event) => 'block' in (event as object)))
    assert.equal((await run('synced')).state, 'Skipped')
    assert.equal((await run('deploy')).state, 'Skipped')
  })

  it('builds first where it is told how', async () => {
    const {reason, events} = await run('built')
    assert.equal(reason, '')
    assert.deepEqual(events[0], {stream: 'stdout', text: `built ${scene.host.folder}/subgraph`})
    assert.equal((await run('built')).state, 'Succeeded')
  })

  it('says what is wrong', async () => {
    assert.equal((await run('unbuilt')).reason, '`build.sh` ended with exit code 3, and printed nothing')
    assert.match((await run('nowhere')).reason, /^there is no \S+\/nowhere$/)
    assert.equal((await run('other')).reason, "the subgraph is for the network 'hardhat', and graph-node has 'mainnet'")
    const wrong = {sub: {task_type: 'subgraph-deploy', config: {name, service: 'node'}}}
    await assert.rejects(scene.host.start({services: {}, tasks: wrong}), /tasks\.sub\.config needs 'path'/)
  })
})

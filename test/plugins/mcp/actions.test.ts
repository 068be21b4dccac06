import assert from 'node:assert/strict'
import {readFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'mocha'
import {BaseDaemon} from '../../../src/core/daemon/base-daemon.js'
import {chainPlugin} from '../../support/chain-plugin.js'
import {root, Sandbox, until} from '../../support/harness.js'
import {Agent, linkPlugin} from './agent.js'

/** A daemon of the sandbox in this process, with the chain of the fixture plugin. */
async function daemonWithChain(sandbox: Sandbox): Promise<BaseDaemon> {
  const {version} = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as {version: string}
  const core = {name: '@service-harness/cli', version, kind: 'core', api: '^1.0'} as const
  return BaseDaemon.builder()
    .withStateDirectory(sandbox.state)
    .withVersion(version)
    .withPlugins([{...core, load: () => import('../../../src/hooks/register.js')}, chainPlugin])
    .build()
}

const stackFile = (name: string, ...services: readonly string[]): string =>
  JSON.stringify({
    name,
    services: Object.fromEntries(services.map((service) => [service, {service_type: 'chain', ports: {rpc: 0}}])),
  })

describe('harness mcp: actions', function () {
  this.timeout(60_000)

  it('are tools of the stack, with their schemas, events and errors', async () => {
    await using sandbox = await Sandbox.make()
    await linkPlugin(sandbox)
    await using _daemon = await daemonWithChain(sandbox)
    await sandbox.write(stackFile('test', 'chain'))
    await using agent = await Agent.start(sandbox, '-c', 'harness.yaml')
    const tools = (await agent.tools()).filter(({name}) => name.startsWith('action_'))
    assert.deepEqual(
      tools.map(({name}) => name),
      ['fail', 'lie', 'look', 'mine', 'wait'].map((action) => `action_chain_${action}`),
    )
    const mine = tools.find(({name}) => name === 'action_chain_mine')
    assert.equal(mine?.description, 'Mines blocks. Action mine of service chain, which must run.')
    assert.deepEqual(mine.inputSchema.required, ['blocks'])
    assert.deepEqual(mine.outputSchema?.properties, {height: {type: 'integer'}})

    const early = await agent.call('action_chain_mine', {blocks: 1})
    assert.equal(early.error?.code, 'SERVICE_NOT_RUNNING')
    assert.equal((await agent.call('service_start')).isError, false)
    const mined = await agent.call('action_chain_mine', {blocks: 2})
    assert.deepEqual(mined, {isError: false, text: '{"height":2}', structured: {height: 2}, error: undefined})
    assert.equal((await agent.call('action_chain_mine', {blocks: 0})).error?.code, 'ACTION_INPUT_INVALID')
    assert.deepEqual((await agent.call('action_chain_fail')).error, {
      code: 'ACTION_FAILED',
      message: "Action 'chain fail' failed: no gas.",
      hint: 'Buy some.',
      details: null,
    })
    assert.deepEqual(agent.errors, [])
  })

  it('say what they emit, and end when the agent takes them back', async () => {
    await using sandbox = await Sandbox.make()
    await linkPlugin(sandbox)
    await using _daemon = await daemonWithChain(sandbox)
    await sandbox.write(stackFile('test', 'chain'))
    await using agent = await Agent.start(sandbox, '-c', 'harness.yaml')
    assert.equal((await agent.call('service_start')).isError, false)
    const leaving = new AbortController()
    const {signal} = leaving
    const onprogress = ({message}: {message?: string | undefined}): void => {
      leaving.abort(message)
    }
    await assert.rejects(agent.call('action_chain_wait', {}, {signal, onprogress}), /waiting/)
    assert.equal((await agent.call('action_chain_look')).isError, false)
  })

  it('come and go with stacks and services, of which the agent is told', async () => {
    await using sandbox = await Sandbox.make()
    await linkPlugin(sandbox)
    await using _daemon = await daemonWithChain(sandbox)
    await using agent = await Agent.start(sandbox)
    const actions = async (): Promise<readonly string[]> =>
      (await agent.names()).filter((name) => name.endsWith('_mine'))
    assert.deepEqual(await actions(), [])
    const told = (times: number): Promise<void> => until(() => agent.changes >= times, `told ${times} times`)
    await sandbox.write(stackFile('one', 'chain'))
    assert.equal((await sandbox.run('start')).code, 0)
    await told(1)
    assert.deepEqual(await actions(), ['action_one_chain_mine'])

    const before = agent.changes
    await sandbox.write(stackFile('one', 'chain', 'second'))
    assert.equal((await sandbox.run('start')).code, 0)
    await told(before + 1)
    assert.deepEqual(await actions(), ['action_one_chain_mine', 'action_one_second_mine'])
    const mined = await agent.call('action_one_second_mine', {blocks: 1})
    assert.deepEqual(mined.structured, {height: 1}, mined.text)

    assert.equal((await sandbox.run('stop')).code, 0)
    const last = agent.changes
    assert.equal((await sandbox.run('forget', 'one')).code, 0)
    await told(last + 1)
    assert.deepEqual(await actions(), [])
  })

  it('are left out with --read-only', async () => {
    await using sandbox = await Sandbox.make()
    await linkPlugin(sandbox)
    await using _daemon = await daemonWithChain(sandbox)
    await sandbox.write(stackFile('test', 'chain'))
    await using agent = await Agent.start(sandbox, '-c', 'harness.yaml', '--read-only')
    assert.deepEqual(
      (await agent.names()).filter((name) => name.startsWith('action_')),
      [],
    )
    await assert.rejects(agent.call('action_chain_mine', {blocks: 1}), /There is no tool/)
  })
})

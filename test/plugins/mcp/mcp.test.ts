import assert from 'node:assert/strict'
import path from 'node:path'
import {describe, it} from 'mocha'
import {isAlive, Sandbox, until} from '../../support/harness.js'
import {Agent, linkPlugin} from './agent.js'

const shop = `
name: shop
services:
  db: {type: process, binary: sh, args: ['-c', 'seq 1 200; exec sleep 600'], env: {KEY: '\${secret.key}'}}
  api: {type: process, binary: sh, args: ['-c', 'echo key is $\${KEY}; exec sleep 600'], env: {KEY: '\${secret.key}'}, dependencies: [db]}
  bad: {type: process, binary: sh, args: ['-c', 'echo no luck; exit 3'], profiles: [broken]}
tasks:
  seed: {task_type: command, target: {type: process, binary: echo, args: [seeded]}}
  break: {task_type: command, target: {type: process, binary: 'false'}}
secrets: {key: {env: SHOP_KEY}}
`
const key = 'a-very-secret-key'

async function shopSandbox(): Promise<Sandbox> {
  const sandbox = await Sandbox.make()
  await linkPlugin(sandbox)
  sandbox.variables = {...sandbox.variables, SHOP_KEY: key}
  await sandbox.write(shop)
  return sandbox
}

interface Status {
  readonly services: readonly {readonly name: string; readonly state: string}[]
}

describe('harness mcp', function () {
  this.timeout(60_000)

  it('starts a daemon, and lets an agent run a stack that it names by its file', async () => {
    await using sandbox = await shopSandbox()
    await using agent = await Agent.start(sandbox)
    assert.deepEqual(await agent.names(), [
      'stack_list',
      'service_status',
      'service_start',
      'service_stop',
      'service_restart',
      'logs_read',
      'task_list',
      'task_run',
    ])
    assert.deepEqual((await agent.call('stack_list')).structured, {stacks: []})
    const stack = path.join(sandbox.folder, 'harness.yaml')
    const progress: (string | undefined)[] = []
    const start = await agent.call('service_start', {stack}, {onprogress: ({message}) => progress.push(message)})
    assert.equal(start.isError, false, start.text)
    assert.deepEqual((start.structured as {started: unknown}).started, ['db', 'api'])
    assert.ok(progress.includes('db: Running'), progress.join('\n'))

    const status = await agent.call('service_status', {stack: 'shop', services: ['api']})
    assert.deepEqual(
      (status.structured as Status).services.map(({name, state}) => [name, state]),
      [['api', 'Running']],
    )
    assert.deepEqual(JSON.parse(status.text), status.structured)
    assert.equal((await agent.call('service_restart', {stack, services: ['api']})).isError, false)

    const refused = await agent.call('service_stop', {stack: 'shop', services: ['db']})
    assert.equal(refused.error?.code, 'SERVICE_IN_USE')
    const stop = await agent.call('service_stop', {stack: 'shop'})
    assert.deepEqual((stop.structured as {stopped: unknown}).stopped, ['api', 'db'])
    const byName = await agent.call('service_start', {stack: 'shop'})
    assert.equal(byName.error?.code, 'SECRET_MISSING', 'only with its file are its secrets read')
    assert.deepEqual(agent.errors, [])
  })

  it('is about one stack with -c, and shows logs in bounds and without secrets', async () => {
    await using sandbox = await shopSandbox()
    await using agent = await Agent.start(sandbox, '-c', 'harness.yaml')
    const tools = await agent.tools()
    for (const {inputSchema} of tools) assert.equal('stack' in (inputSchema.properties ?? {}), false)
    assert.equal((await agent.call('service_start')).isError, false)
    const printed = async (): Promise<string> => (await agent.call('logs_read', {services: ['api']})).text
    await until(async () => (await printed()).includes('key is'), 'the api has printed')
    assert.equal((await printed()).includes(key), false)

    const tail = await agent.call('logs_read', {services: ['db'], tail: 2})
    const {lines} = tail.structured as {lines: {text: string}[]}
    assert.deepEqual(
      lines.map(({text}) => text),
      ['199', '200'],
    )
    assert.match(tail.text, /^\S+Z db \| 199\n\S+Z db \| 200$/)
    const few = await agent.call('logs_read', {services: ['db'], maxBytes: 8})
    assert.deepEqual((few.structured as {omitted: number}).omitted, 98)
    const wrong = await agent.call('logs_read', {tail: 0})
    assert.equal(wrong.error?.code, 'REQUEST_INVALID')

    const task = await agent.call('task_run', {task: 'seed'})
    assert.equal((task.structured as {task: {state: string}}).task.state, 'Succeeded', task.text)
    const broken = await agent.call('task_run', {task: 'break'})
    assert.equal(broken.isError, true)
    assert.equal((broken.structured as {failure: {code: string}}).failure.code, 'TASK_FAILED')
    const failed = await agent.call('service_start', {services: ['bad']})
    assert.equal(failed.isError, true)
    assert.match(failed.text, /no luck/)

    // What the file says now is what is started.
    await sandbox.write(shop.replace('tasks:', '  new: {type: process, binary: sleep, args: ["600"]}\ntasks:'))
    assert.equal((await agent.call('service_start', {services: ['new']})).isError, false)
  })

  it('tells what is wrong with code, message and hint', async () => {
    await using sandbox = await shopSandbox()
    await using agent = await Agent.start(sandbox)
    assert.deepEqual((await agent.call('service_status', {stack: 'other'})).error, {
      code: 'STACK_UNKNOWN',
      message: "The daemon knows no stack 'other'.",
      hint: 'Run `harness ls` to see those that it knows, or `harness start -c FILE` to load one.',
      details: null,
    })
    assert.equal((await agent.call('service_status')).error?.code, 'REQUEST_INVALID')
    const misspelt = await agent.call('service_status', {stack: 'shop', service: 'api'})
    assert.match(misspelt.error?.message ?? '', /it takes no 'service': expected stack, services\.$/)
    assert.equal((await agent.call('service_status', {stack: 7})).error?.code, 'REQUEST_INVALID')
    await assert.rejects(agent.call('service_explode'), /There is no tool service_explode/)
    const nowhere = await sandbox.run('mcp', '-c', 'nowhere.yaml')
    assert.deepEqual([nowhere.code, nowhere.stdout], [3, ''])
    const input = await sandbox.run('mcp', '-c', '-')
    assert.deepEqual([input.code, input.stdout], [2, ''])
  })

  it('is installed with a plugin, and says so where it is not', async () => {
    await using sandbox = await Sandbox.make()
    const {code, stderr} = await sandbox.run('mcp', '--read-only')
    assert.deepEqual([code, /Run `harness plugins install mcp`\./.test(stderr)], [2, true], stderr)
  })

  it('only looks with --read-only', async () => {
    await using sandbox = await shopSandbox()
    await using agent = await Agent.start(sandbox, '--read-only', '-c', 'harness.yaml')
    assert.deepEqual(await agent.names(), ['stack_list', 'service_status', 'logs_read', 'task_list'])
    await assert.rejects(agent.call('service_start'), /There is no tool service_start/)
    assert.deepEqual(
      ((await agent.call('service_status')).structured as Status).services.map(({state}) => state),
      ['NotStarted', 'NotStarted', 'NotStarted'],
    )
  })

  it('leaves a daemon that was stopped alone until a tool is used, and ends with its input', async () => {
    await using sandbox = await shopSandbox()
    const agent = await Agent.start(sandbox, '-c', 'harness.yaml')
    assert.equal((await agent.call('service_start', {services: ['db']})).isError, false)
    assert.equal((await sandbox.run('daemon', 'stop')).code, 0)
    const runs = async () => (await sandbox.json<{running: boolean}>('daemon', 'status')).running
    assert.equal(await runs(), false)
    assert.equal((await agent.call('service_status')).isError, false)
    assert.equal(await runs(), true)
    const {pid} = agent
    await agent[Symbol.asyncDispose]()
    await until(async () => !(await isAlive(pid)), 'the command has ended')
    const [db] = (await sandbox.json<Status>('status', 'db')).services
    assert.equal(db?.state, 'Running')
  })
})

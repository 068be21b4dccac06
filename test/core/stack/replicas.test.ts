import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import {replicate} from '../../../src/core/stack/replicas.js'
import {graphOf} from '../service/definitions.js'
import {callerEnv} from '../service/workbench.js'
import {eventually} from '../process/temporary.js'
import {file, forever, sh, start, states, stop, summary, workbench} from './workbench.js'

describe('replicate', () => {
  const definition = graphOf({api: ['db:started'], db: []}, {seed: ['api']})
  const services = {...definition.services, api: {...definition.services['api']!, replicas: 3}}

  it('makes each replica a service of its own, the first under its own name', () => {
    const {definition: whole, groups, of} = replicate({...definition, services}, {})
    assert.deepEqual(Object.keys(whole.services), ['api', 'api-2', 'api-3', 'db'])
    assert.deepEqual(groups.get('api'), ['api', 'api-2', 'api-3'])
    assert.deepEqual(
      [of('api'), of('api-3')],
      [
        {group: 'api', replica: 1},
        {group: 'api', replica: 3},
      ],
    )
    assert.deepEqual(whole.services['api-2']?.dependencies, whole.services['api']?.dependencies)
  })

  it('lets who depends on the service depend on all of them, with the same condition', () => {
    const {definition: whole} = replicate({...definition, services}, {db: 2})
    const edges = (names: readonly {readonly name: string; readonly condition: string}[] = []): string =>
      names.map(({name, condition}) => `${name}:${condition}`).join(' ')
    assert.equal(edges(whole.tasks['seed']?.dependencies), 'api:ready api-2:ready api-3:ready')
    assert.equal(edges(whole.services['api-3']?.dependencies), 'db:started db-2:started')
  })

  it('with none of a service leaves nothing of it', () => {
    const {definition: whole} = replicate(definition, {db: 0})
    assert.deepEqual(Object.keys(whole.services), ['api'])
    assert.deepEqual(whole.services['api']?.dependencies, [])
  })
})

describe('a service with replicas', () => {
  const yaml = file([
    sh(
      'api',
      'echo "$HARNESS_REPLICA $PORT" >> ran; exec sleep 600',
      'ports: {main: 0}',
      `env: {PORT: "\${api.port}"}`,
    ),
    sh('web', forever, 'dependencies: [api]'),
  ])

  it('runs each with its own number and port', async () => {
    await using bench = await workbench()
    const stack = await bench.loadWith(yaml, {api: {replicas: 3}})
    assert.deepEqual(summary(await start(stack)), {started: ['api', 'api-2', 'api-3', 'web']})
    await eventually(() => bench.written('ran').length === 3)
    const ports = stack.status(['api']).services.map(({endpoints}) => endpoints[0]?.port)
    assert.equal(new Set(ports).size, 3)
    assert.deepEqual(
      [...bench.written('ran')].sort(),
      ports.map((port, index) => `${index + 1} ${port}`),
    )
    assert.deepEqual((await stop(stack, ['api-2'])).stopped, ['web', 'api-2'])
    assert.equal(states(stack), 'api=Running api-2=Stopped api-3=Running web=Stopped')
    assert.deepEqual((await stop(stack, ['api'])).stopped, ['api-3', 'api'])
  })

  it('is scaled while it runs: what stays is not touched, what is too much is gone', async () => {
    await using bench = await workbench()
    const stack = await bench.load(yaml)
    await start(stack)
    const first = stack.status(['api']).services[0]?.pid
    const scale = (replicas: number) => bench.stacks.scale(stack, {service: 'api', replicas}, {env: callerEnv})
    assert.deepEqual((await scale(3)).started, ['api-2', 'api-3'])
    assert.equal(states(stack), 'api=Running api-2=Running api-3=Running web=Running')
    const down = await scale(2)
    assert.deepEqual([down.stopped, down.unchanged], [['api-3'], ['api', 'api-2']])
    assert.equal(states(stack), 'api=Running api-2=Running web=Running')
    assert.equal(stack.status(['api']).services[0]?.pid, first)
    assert.equal((await bench.left()).length, 3)

    const after = (await bench.again()).find('demo')
    assert.equal(states(after), 'api=Running api-2=Running web=Running')
    const same = await bench.load(yaml)
    assert.equal(states(same), 'api=Running api-2=Running web=Running')
    const other = await bench.loadWith(yaml, {api: {replicas: 4}})
    assert.equal(states(other), 'api=Running api-2=Running api-3=Stopped api-4=NotStarted web=Running')
    assert.deepEqual((await start(other)).unchanged, ['api', 'api-2', 'web'])
    await assert.rejects(bench.stacks.scale(other, {service: 'ghost', replicas: 1}, {env: callerEnv}), {
      code: 'SERVICE_UNKNOWN',
      subject: 'ghost',
    })
  })

  it('is not scaled where replicas would share a port', async () => {
    await using bench = await workbench()
    const stack = await bench.load(file([sh('api', forever, 'ports: {http: 18080}')]))
    await assert.rejects(bench.stacks.scale(stack, {service: 'api', replicas: 2}, {env: callerEnv}), {
      code: 'CONFIG_INVALID',
      reason: /18080/,
    })
    assert.equal(states(stack), 'api=NotStarted')
  })

  it('may have none at all, but not while others need it; what needs it says so then', async () => {
    await using bench = await workbench()
    const stack = await bench.load(yaml)
    await start(stack)
    const scale = (replicas: number) => bench.stacks.scale(stack, {service: 'api', replicas}, {env: callerEnv})
    await assert.rejects(scale(0), {code: 'SERVICE_IN_USE', reason: 'web needs it'})
    await stop(stack, ['web'])
    assert.deepEqual((await scale(0)).stopped, ['api'])
    assert.equal(states(stack), 'web=Stopped')
    await assert.rejects(start(stack), {
      code: 'SERVICE_BLOCKED',
      reason: "it needs service 'api', which is scaled to 0",
    })
    assert.throws(() => stack.status(['api']), {code: 'SERVICE_UNKNOWN', reason: 'it is scaled to 0'})
    assert.deepEqual((await scale(1)).started, ['api'])
    assert.deepEqual((await start(stack)).started, ['web'])
  })
})

import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import type {Catalogue} from '../../../src/core/contract/catalogue.js'
import type {Executor} from '../../../src/core/contract/executor.js'
import type {RegisteredService} from '../../../src/core/contract/registry.js'
import type {Stack} from '../../../src/core/stack/stack.js'
import {eventually} from '../process/temporary.js'
import {kill} from '../service/workbench.js'
import {file, forever, sh, start, stop, workbench} from './workbench.js'

const api = (stack: Stack): RegisteredService => {
  const [entry] = stack.registered(['api'])
  assert.ok(entry)
  return entry
}
const known = ({alive, verified, ready}: RegisteredService) => ({alive, verified, ready})
const seen = {alive: true, verified: true, ready: true}
const unseen = {alive: null, verified: false, ready: false}

/** The same types; processes are found again in this way. */
function finding(catalogue: Catalogue, recover: Executor['recover']): Catalogue {
  const executor = (kind: string): Executor | undefined => {
    const found = catalogue.executor(kind)
    return found && {...found, recover}
  }
  return {...catalogue, executor}
}

describe('the registry', () => {
  it('has where a service is while it is there, and its attempts also afterwards', async () => {
    await using bench = await workbench()
    const stack = await bench.load(file([sh('api', forever, 'ports: {http: 0}')]))
    assert.deepEqual([known(api(stack)), api(stack).endpoints], [{alive: false, verified: true, ready: false}, []])
    await start(stack)
    const up = api(stack)
    assert.deepEqual(known(up), seen)
    assert.deepEqual([up.stackName, up.file, up.target, up.group], ['demo', stack.definition.file, 'process', 'api'])
    assert.equal(up.pid, stack.status([]).services[0]?.pid)
    assert.match(up.endpoints[0]?.url ?? '', /^http:\/\/127\.0\.0\.1:\d+$/)
    await start(stack, ['api'], {restart: true})
    assert.deepEqual(
      api(stack).attempts.map(({attempt, executor, current}) => [attempt, executor, current]),
      [
        [1, 'process', false],
        [2, 'process', true],
      ],
    )
    await stop(stack)
    const down = api(stack)
    assert.deepEqual([down.alive, down.verified, down.pid, down.endpoints], [false, true, null, []])
    assert.equal(down.attempts.length, 2)
  })

  it('after another daemon has taken over says nothing of what it has not looked for, then that it is there', async () => {
    await using bench = await workbench()
    const before = await bench.load(file([sh('api', forever)]))
    await start(before)
    const {pid} = api(before)
    let answer: () => void = () => undefined
    const asked = new Promise<void>((resolve) => {
      answer = resolve
    })
    const taken = bench.again(
      finding(bench.catalogue, async (saved, signal) => {
        await asked
        return bench.catalogue.executor('process')?.recover(saved, signal)
      }),
    )
    await eventually(() => bench.stacks.all().length === 1 && bench.stacks.all()[0] !== before)
    const after = bench.stacks.find('demo')
    assert.equal(api(after).state, 'Running', 'so its record says')
    assert.deepEqual(known(api(after)), unseen)
    assert.match(api(after).reason, /has not been looked for/)
    answer()
    await taken
    assert.deepEqual([known(api(after)), api(after).pid], [seen, pid])
  })

  it('says why it does not know, while an executor does not answer', async () => {
    await using bench = await workbench()
    await start(await bench.load(file([sh('api', forever)])))
    const after = (
      await bench.again(finding(bench.catalogue, () => Promise.reject(new Error('the engine is away'))))
    ).find('demo')
    assert.deepEqual(known(api(after)), unseen)
    assert.match(api(after).reason, /cannot be reached: the engine is away/)
    const last = (await bench.again()).find('demo')
    assert.deepEqual(known(api(last)), seen)
  })

  it('does not say that something is there which ended while no daemon was', async () => {
    await using bench = await workbench()
    const stack = await bench.load(file([sh('api', forever)]))
    await start(stack)
    const {pid} = api(stack)
    await bench.stacks.close()
    kill(pid ?? 0)
    await eventually(async () => (await bench.left()).length === 0)
    const after = (await bench.again()).find('demo')
    assert.equal(api(after).alive, false, 'from the first moment on')
    await eventually(() => api(after).state === 'Failed')
    assert.deepEqual([api(after).pid, api(after).verified], [null, true])
  })

  it('tells of services that come, change and go, and not of their states', async () => {
    await using bench = await workbench()
    const told = (): readonly string[] =>
      bench.events.flatMap((event) =>
        event.topic === 'service.registered' ||
        event.topic === 'service.updated' ||
        event.topic === 'service.unregistered'
          ? [`${event.topic.slice('service.'.length)} ${event.service}`]
          : [],
      )
    const stack = await bench.load(file([sh('api', forever), sh('db', forever)]))
    assert.deepEqual(told(), ['registered api', 'registered db'])
    await start(stack, ['api'])
    const updates = bench.events.flatMap((event) => (event.topic === 'service.updated' ? [event.entry] : []))
    assert.deepEqual([updates.at(-1)?.pid, updates.at(-1)?.alive], [api(stack).pid, true])
    bench.events.length = 0
    await bench.load(file([sh('api', forever)]))
    assert.deepEqual(told(), ['unregistered db'])
    await stop(stack)
    bench.events.length = 0
    await bench.load(file([sh('api', forever)], [], 'other'))
    assert.deepEqual(
      told(),
      ['unregistered api', 'registered api'],
      'a stack that is forgotten takes its services along',
    )
  })
})

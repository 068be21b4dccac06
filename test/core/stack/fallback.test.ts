import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import type {Catalogue} from '../../../src/core/contract/catalogue.js'
import type {Executor} from '../../../src/core/contract/executor.js'
import {eventually} from '../process/temporary.js'
import {kill} from '../service/workbench.js'
import {file, forever, sh, start, states, summary, workbench} from './workbench.js'

const fallback = {reason: 'version 2 was not healthy; version 1 runs again', hint: 'Make it better.'}

/** Processes, and an executor that says of each start what runs in place of what was asked for. */
async function fallingBack() {
  const bench = await workbench()
  const inner = bench.catalogue.executor('process') as Executor
  const restarts: (number | undefined)[] = []
  let falls = true
  const executor: Executor = {
    ...inner,
    async start(request, context) {
      restarts.push(request.restarts)
      const handle = await inner.start(request, context)
      return falls && request.service === 'api' ? {...handle, fallback} : handle
    },
  }
  const types: Catalogue = {
    ...bench.catalogue,
    executor: (kind) => (kind === 'process' ? executor : bench.catalogue.executor(kind)),
  }
  await bench.again(types)
  return {
    bench,
    types,
    restarts,
    heal: () => {
      falls = false
    },
  }
}

const yaml = file([sh('api', forever, 'restart: on-failure'), sh('web', forever, 'dependencies: [api]')])

describe('a service that runs, and not as it was asked for', () => {
  it('serves its dependents, and its start has failed with the reason', async () => {
    const {bench, types, heal} = await fallingBack()
    await using _bench = bench
    const stack = await bench.load(yaml)
    const outcome = await start(stack)
    assert.deepEqual(summary(outcome), {started: ['web'], failed: [`api: ${fallback.reason}`]})
    assert.deepEqual(
      outcome.failed.map(({code, hint}) => [code, hint]),
      [['SERVICE_FELL_BACK', fallback.hint]],
    )
    assert.equal(states(stack), 'api=Running web=Running')
    assert.equal(stack.status([]).services[0]?.reason, fallback.reason)
    assert.deepEqual(summary(await start(stack)), {failed: [`api: ${fallback.reason}`], unchanged: ['web']})

    const again = (await bench.again(types)).find('demo')
    assert.equal(again.status([]).services[0]?.reason, fallback.reason)

    heal()
    const better = await start(again, ['api'], {restart: true})
    assert.deepEqual(better.failed, [])
    assert.equal(again.status([]).services[0]?.reason, null)
  })

  it('lets its executor know whether it is asked for, or restarted by its policy', async () => {
    const {bench, restarts} = await fallingBack()
    await using _bench = bench
    const stack = await bench.load(file([sh('api', forever, 'restart: {policy: on-failure, delay: 10ms}')]))
    await start(stack)
    kill(stack.status([]).services[0]!.pid!)
    await eventually(() => restarts.length === 2 && states(stack) === 'api=Running')
    await start(stack, ['api'], {restart: true})
    assert.deepEqual(restarts, [0, 1, 0])
  })
})

import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {defaultRestart} from '../../../src/core/config/default-restart.js'
import type {Catalogue} from '../../../src/core/contract/catalogue.js'
import type {ServiceType} from '../../../src/core/contract/service-type.js'
import type {TaskType} from '../../../src/core/contract/task-type.js'
import {eventually} from '../process/temporary.js'
import {kill} from '../service/workbench.js'
import {file, forever, sh, start, states, stop, task, workbench} from './workbench.js'

type Bench = Awaited<ReturnType<typeof workbench>>

const own = `  db:
    service_type: own
    ports: {main: 0}
    shutdown_timeout: 2s`
const both = file([own, sh('api', forever)])

/** A type that brings all that its services are run with. */
function ownType(more: Partial<ServiceType> = {}): Partial<ServiceType> {
  return {
    defaults: () => ({
      target: {type: 'process', spec: {binary: 'sleep', args: ['600']}},
      restart: {...defaultRestart, policy: 'always', delayMs: 20},
    }),
    ...more,
  }
}

async function running(bench: Bench, more: Partial<ServiceType> = {}): Promise<void> {
  await bench.withServiceType(ownType(more))
  const stack = await bench.load(both)
  await start(stack)
  assert.equal(states(stack), 'db=Running api=Running')
}

describe('a stack that comes to a daemon without its types', () => {
  it('is there with all of its services, which can be stopped', async () => {
    await using bench = await workbench()
    await running(bench)
    const before = bench.stacks.find('demo').status([]).services
    const after = (await bench.again()).find('demo')
    assert.equal(states(after), 'db=Running api=Running')
    assert.deepEqual(
      after.status([]).services.map(({pid}) => pid),
      before.map(({pid}) => pid),
    )
    await stop(after)
    assert.deepEqual(await bench.left(), [])
    assert.deepEqual(bench.troubles, [])
  })

  it('restarts what crashes with what the type had brought', async () => {
    await using bench = await workbench()
    await running(bench)
    const after = (await bench.again()).find('demo')
    const before = after.status(['db']).services[0]?.pid
    kill(before ?? assert.fail('it has no pid'))
    await eventually(() => {
      const [db] = after.status(['db']).services
      return db?.state === 'Running' && db.pid !== before
    })
  })

  it('starts nothing anew that would have to be set up by its type', async () => {
    await using bench = await workbench()
    await running(bench, {setup: {isComplete: () => Promise.resolve(true), perform: () => Promise.resolve()}})
    const after = (await bench.again()).find('demo')
    assert.equal(states(after), 'db=Running api=Running')
    await start(after, ['db'], {restart: true})
    const [db] = after.status(['db']).services
    assert.equal(db?.state, 'Failed')
    assert.match(db.reason ?? '', /no loaded plugin brings the service type 'own'/)
  })

  it('is there also where an earlier harness has not remembered what the type brought', async () => {
    await using bench = await workbench()
    await running(bench)
    await bench.stacks.close()
    for (const [key, saved] of bench.store.entries('stack/')) {
      const {brought: _brought, ...rest} = saved as Readonly<Record<string, never>>
      await bench.store.commit([{key, value: rest}])
    }
    const after = (await bench.again()).find('demo')
    assert.equal(states(after), 'db=Running api=Running')
    await stop(after, ['db'])
    assert.equal(states(after), 'db=Stopped api=Running')
    const {failed} = await start(after, ['db'])
    assert.match(failed[0]?.reason ?? '', /no loaded plugin brings it/)
  })

  it('is there when a newer version of a type throws at what the former took', async () => {
    await using bench = await workbench()
    await running(bench)
    await bench.withServiceType(
      ownType({
        defaults() {
          throw new Error('config.size is not there')
        },
      }),
    )
    assert.equal(states(bench.stacks.find('demo')), 'db=Running api=Running')
    await assert.rejects(bench.load(both), /db needs a target: service type 'own' cannot tell one: config\.size/)
  })

  it('goes on where a task type throws when it is asked what it needs; a stack file of such a one is refused', async () => {
    await using bench = await workbench()
    const text = file([sh('api', forever, 'dependencies: [{task: seed}]')], [task('seed', 'true')])
    await start(await bench.load(text))
    const command = bench.catalogue.taskType('command') ?? assert.fail('there is no such type')
    const throwing: TaskType = {
      ...command,
      dependsOn() {
        throw new Error('input.from is not there')
      },
    }
    const catalogue: Catalogue = {...bench.catalogue, taskType: () => throwing}
    assert.equal(states((await bench.again(catalogue)).find('demo')), 'api=Running seed=Succeeded')
    await assert.rejects(bench.load(text), /task type 'command' cannot tell what it needs: input\.from is not there/)
  })
})

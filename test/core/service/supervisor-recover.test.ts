import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import {serviceKey, type ServiceRecord} from '../../../src/core/service/record.js'
import {FakeClock} from '../../../src/testing/fake-clock.js'
import {eventually} from '../process/temporary.js'
import {noRestart, shellService} from './definitions.js'
import {kill, reaches, up, workbench} from './workbench.js'

const forever = 'exec sleep 600'
const restart = {...noRestart, policy: 'always', delayMs: 20, maxDelayMs: 20} as const

describe('a service that is found again', () => {
  it('while it runs goes on as it is', async () => {
    await using bench = workbench()
    const definition = shellService(forever)
    const before = await up(bench.supervisor(definition))
    await reaches(before, 'Running')
    const {pid} = before.status()
    await bench.letGo(before)
    assert.deepEqual(await bench.left(), [pid])
    const after = bench.supervisor(definition)
    await after.recover()
    assert.deepEqual([after.status().state, after.status().pid, after.status().attempt], ['Running', pid, 1])
    await after.stop()
    assert.deepEqual(await bench.left(), [])
  })

  it('and ended meanwhile gets what its policy says', async () => {
    await using bench = workbench()
    for (const [name, policy, state] of [
      ['plain', noRestart, 'Failed'],
      ['always', restart, 'Running'],
    ] as const) {
      const definition = shellService(forever, {restart: policy})
      const before = await up(bench.supervisor(definition, name))
      await reaches(before, 'Running')
      const {pid} = before.status()
      await bench.letGo(before)
      kill(pid ?? 0)
      await eventually(async () => !(await bench.left()).includes(pid ?? 0))
      const after = bench.supervisor(definition, name)
      await after.recover()
      if (state === 'Running') await eventually(() => after.record.attempt === 2)
      await reaches(after, state)
      if (state === 'Failed') assert.equal(after.record.exit?.code, 137)
    }
  })

  it('and was journalled but never began is started', async () => {
    await using bench = workbench()
    const definition = shellService(forever)
    const before = await up(bench.supervisor(definition))
    const instance = before.record.current?.instance ?? ''
    await before.stop()
    const record = {...before.record, state: 'Starting', desired: 'up', exit: null}
    const gone = {...record.current, instance: 'never', saved: moved(record, instance, 'never')}
    await bench.letGo(before)
    await bench.store.commit([{key: serviceKey('demo', 'api'), value: {...record, current: gone} as never}])
    const after = bench.supervisor(definition)
    await after.recover()
    await reaches(after, 'Running')
    assert.deepEqual(await bench.left(), [after.status().pid])
  })

  it('in the middle of a stop is stopped', async () => {
    await using bench = workbench()
    for (const fields of [{state: 'Stopping'}, {}]) {
      const definition = shellService(forever)
      const before = await up(bench.supervisor(definition))
      await reaches(before, 'Running')
      await bench.letGo(before)
      const record = {...before.record, ...fields, desired: 'down'}
      await bench.store.commit([{key: serviceKey('demo', 'api'), value: record as never}])
      const after = bench.supervisor(definition)
      await after.recover()
      assert.deepEqual([after.record.state, await bench.left()], ['Stopped', []])
      await bench.letGo(after)
    }
  })

  it('in a back-off that was no longer wanted stays down', async () => {
    const clock = new FakeClock(Date.now())
    await using bench = workbench({clock})
    const definition = shellService('exit 1', {restart: {...restart, delayMs: 1000}})
    const before = await up(bench.supervisor(definition))
    await reaches(before, 'Restarting')
    await before.unwant()
    await bench.letGo(before)
    const after = bench.supervisor(definition)
    await after.recover()
    await clock.advance(60_000)
    assert.deepEqual([after.record.state, after.record.attempt], ['Stopped', 1])
  })

  it('in its back-off goes on waiting, and is started in time', async () => {
    const clock = new FakeClock(Date.now())
    await using bench = workbench({clock})
    const definition = shellService('exit 1', {restart: {...restart, delayMs: 5000, maxDelayMs: 60_000}})
    const before = await up(bench.supervisor(definition))
    await reaches(before, 'Restarting')
    await bench.letGo(before)
    assert.equal(clock.pending, 0)
    const after = bench.supervisor(definition)
    await after.recover()
    await clock.advance(4000)
    assert.equal(after.record.attempt, 1)
    await clock.advance(2000)
    await eventually(() => after.record.attempt === 2)
  })

  it('in the middle of a restart has one process afterwards', async () => {
    await using bench = workbench()
    const definition = shellService(forever)
    const before = await up(bench.supervisor(definition))
    await reaches(before, 'Running')
    await bench.letGo(before)
    const record = {...before.record, state: 'Restarting'}
    await bench.store.commit([{key: serviceKey('demo', 'api'), value: record as never}])
    const after = bench.supervisor(definition)
    await after.recover()
    await reaches(after, 'Running')
    assert.deepEqual(await bench.left(), [after.status().pid])
    assert.equal(after.record.attempt, 2)
  })
})

/** The saved handle of an attempt that has another run directory. */
function moved(record: object, from: string, to: string): unknown {
  const {saved} = (record as ServiceRecord).current ?? {}
  return JSON.parse(JSON.stringify(saved).replaceAll(from, to))
}

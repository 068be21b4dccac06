import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import type {ScheduleDefinition, TaskDefinition} from '../../../src/core/contract/stack.js'
import {TaskSchedules} from '../../../src/core/stack/schedule.js'
import {FakeClock} from '../../../src/testing/fake-clock.js'
import {eventually} from '../process/temporary.js'
import {shellTask} from '../service/definitions.js'
import {troubleLog} from '../service/workbench.js'
import {loadWith} from './task-bench.js'
import {file, forever, sh, start, stop, task, workbench} from './workbench.js'

const every = (overlap: ScheduleDefinition['overlap'] = 'skip'): ScheduleDefinition => ({everyMs: 10_000, overlap})
const seed = (schedule?: ScheduleDefinition): Readonly<Record<string, TaskDefinition>> => ({
  seed: shellTask('true', schedule ? {schedule} : {}),
})

/** Schedules of tasks that take as long as the test says. */
function schedules() {
  const clock = new FakeClock()
  const {log, troubles} = troubleLog()
  const ends: (() => void)[] = []
  let ran = 0
  const it = new TaskSchedules({
    clock,
    log,
    isBusy: () => false,
    whenIdle: () => Promise.resolve(),
    run: () => {
      ran += 1
      return new Promise<void>((resolve) => ends.push(resolve))
    },
  })
  return {
    it,
    clock,
    troubles,
    ran: () => ran,
    end: () => {
      for (const end of ends.splice(0)) end()
    },
  }
}

describe('TaskSchedules', () => {
  it('runs a task each time it is due, while the stack is up', async () => {
    const {it, clock, ran, end} = schedules()
    it.update({tasks: seed(every())})
    await clock.advance(60_000)
    assert.deepEqual([ran(), it.nextRunAt('seed'), clock.pending], [0, null, 0])
    it.setActive(true)
    assert.equal(it.nextRunAt('seed'), clock.now() + 10_000)
    for (const count of [1, 2, 3]) {
      await clock.advance(10_000)
      end()
      assert.equal(ran(), count)
    }
    it.setActive(false)
    await clock.advance(60_000)
    assert.deepEqual([ran(), it.nextRunAt('seed'), clock.pending], [3, null, 0])
  })

  it('leaves a run out while the one before goes on', async () => {
    const {it, clock, ran, end} = schedules()
    it.update({tasks: seed(every('skip'))})
    it.setActive(true)
    await clock.advance(35_000)
    assert.equal(ran(), 1)
    end()
    await clock.advance(5000)
    assert.equal(ran(), 2)
    it[Symbol.dispose]()
  })

  it('begins one run afterwards, however many were due meanwhile', async () => {
    const {it, clock, ran, end} = schedules()
    it.update({tasks: seed(every('queue'))})
    it.setActive(true)
    await clock.advance(45_000)
    assert.equal(ran(), 1)
    end()
    await clock.advance(0)
    assert.equal(ran(), 2)
    end()
    await clock.advance(0)
    assert.equal(ran(), 2)
    it[Symbol.dispose]()
  })

  it('forgets the run that waits when the stack goes down', async () => {
    const {it, clock, ran, end} = schedules()
    it.update({tasks: seed(every('queue'))})
    it.setActive(true)
    await clock.advance(25_000)
    it.setActive(false)
    end()
    await clock.advance(60_000)
    assert.equal(ran(), 1)
  })

  it('goes on over an edit of something else, and begins anew with another schedule', async () => {
    const {it, clock, ran, end} = schedules()
    it.update({tasks: seed(every())})
    it.setActive(true)
    await clock.advance(9000)
    it.update({tasks: {...seed(every()), other: shellTask('true')}})
    await clock.advance(1000)
    end()
    assert.equal(ran(), 1)
    await clock.advance(9000)
    it.update({tasks: seed(every('queue'))})
    await clock.advance(9000)
    assert.equal(ran(), 1)
    await clock.advance(1000)
    assert.equal(ran(), 2)
    it.update({tasks: seed()})
    end()
    await clock.advance(60_000)
    assert.deepEqual([ran(), clock.pending], [2, 0])
  })

  it('never runs again once it is disposed of', async () => {
    const {it, clock, ran} = schedules()
    it.update({tasks: seed(every())})
    it[Symbol.dispose]()
    it.setActive(true)
    await clock.advance(60_000)
    assert.deepEqual([ran(), clock.pending], [0, 0])
  })

  it('says so and goes on where a schedule means nothing', () => {
    const {it, troubles} = schedules()
    it.update({tasks: seed({cron: 'often', timezone: 'UTC', overlap: 'skip'})})
    it.setActive(true)
    assert.equal(it.nextRunAt('seed'), null)
    assert.match(troubles[0] ?? '', /a schedule means nothing/)
  })

  it('survives a run that cannot be begun', async () => {
    const clock = new FakeClock()
    const {log, troubles} = troubleLog()
    const rejecting = new TaskSchedules({
      clock,
      log,
      isBusy: () => false,
      whenIdle: () => Promise.resolve(),
      run: () => Promise.reject(new Error('no room')),
    })
    rejecting.update({tasks: seed(every())})
    rejecting.setActive(true)
    await clock.advance(20_000)
    assert.equal(troubles.length, 2)
    rejecting[Symbol.dispose]()
  })
})

describe('a task with a schedule', () => {
  const often: ScheduleDefinition = {everyMs: 1000, overlap: 'skip'}

  it('runs by itself while its stack is up, and says when it runs next', async () => {
    await using bench = await workbench()
    const text = file([sh('api', forever, 'env: {A: b}')], [task('tick', 'echo tick >> ran')])
    const stack = await loadWith(bench, text, {schedule: often})
    const next = () => stack.status([]).tasks[0]?.nextRunAt ?? null
    assert.equal(next(), null)
    await start(stack)
    assert.match(next() ?? '', /^\d{4}-.*Z$/)
    await eventually(() => bench.written('ran').length >= 1)
    await bench.again()
    const after = bench.stacks.find('demo')
    const count = bench.written('ran').length
    await eventually(() => bench.written('ran').length >= count + 1)
    await stop(after)
    assert.equal(after.status([]).tasks[0]?.nextRunAt, null)
    assert.deepEqual(bench.troubles, [])
  })

  it('leaves alone the services that it needs and that were stopped by hand, and what is done already', async () => {
    await using bench = await workbench()
    const text = file(
      [sh('api', forever), sh('db', forever)],
      [task('tick', 'echo tick >> ran', 'dependencies: [db, {task: once}]'), task('once', 'echo once >> ran')],
    )
    const definition = await bench.define(text)
    const {tick, once} = definition.tasks
    assert.ok(tick && once)
    const stack = await bench.stacks.load({...definition, tasks: {tick: {...tick, schedule: often}, once}})
    await start(stack)
    await eventually(() => bench.written('ran').length >= 3)
    assert.deepEqual(bench.written('ran').slice(0, 3), ['once', 'tick', 'tick'])
    await stop(stack, ['db'])
    const idle = () => stack.status([]).tasks.every(({state}) => state !== 'Running' && state !== 'Pending')
    await eventually(idle)
    const count = bench.written('ran').length
    const {nextRunAt} = stack.status([]).tasks[0] ?? {}
    await eventually(() => stack.status([]).tasks[0]?.nextRunAt !== nextRunAt)
    assert.equal(bench.written('ran').length, count)
    assert.equal(stack.status(['db']).services[0]?.state, 'Stopped')
  })

  it('cannot run beside itself', async () => {
    await using bench = await workbench()
    const text = file([sh('api', forever)], [task('tick', 'true')])
    await assert.rejects(loadWith(bench, text, {schedule: {...often, overlap: 'parallel'}}), {
      code: 'CONFIG_INVALID',
      reason: 'tasks.tick.schedule.overlap: parallel is not possible, a task runs once at a time',
    })
  })
})

import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import {formatPlan} from '../../../src/core/service/plan.js'
import {eventually} from '../process/temporary.js'
import {callerEnv, kill} from '../service/workbench.js'
import {file, forever, sh, start, states, stop, summary, task, workbench} from './workbench.js'

describe('how a start is carried out', () => {
  it('can leave out what is needed', async () => {
    await using bench = await workbench()
    const stack = await bench.load(
      file(
        [sh('api', forever, 'dependencies: [db, {task: seed}]'), sh('db', forever)],
        [task('seed', 'echo seed >> ran')],
      ),
    )
    assert.deepEqual(summary(await start(stack, ['api'], {dependencies: false})), {started: ['api']})
    assert.equal(states(stack), 'api=Running db=NotStarted seed=Pending')
    assert.deepEqual(bench.written('ran'), [])
  })

  it('is told beforehand, with causes, and changes nothing', async () => {
    await using bench = await workbench()
    const yaml = file([
      sh('web', forever, 'dependencies: [api]'),
      sh('api', forever, 'dependencies: [db]'),
      sh('db', forever),
    ])
    const stack = await bench.load(yaml)
    await start(stack, ['db'])
    const plan = (): string => formatPlan(stack.plan({services: [], restart: false}))
    assert.equal(
      plan(),
      [
        'keep service db (runs already)',
        'start service api after db ready (needed by web)',
        'start service web after api ready (asked for)',
      ].join('\n'),
    )
    assert.equal(plan(), plan())
    assert.equal(states(stack), 'web=NotStarted api=NotStarted db=Running')
  })

  it('is taken back when asked to, once something fails: what ran before stays', async () => {
    await using bench = await workbench()
    const stack = await bench.load(
      file([
        sh('db', forever),
        sh('cache', forever),
        sh('api', 'exit 3', 'dependencies: [cache]', "health_check: {command: 'false'}"),
        sh('web', forever, 'dependencies: [api]'),
      ]),
    )
    await start(stack, ['db'])
    const outcome = await start(stack, [], {rollback: true})
    assert.deepEqual(outcome.rolledBack, ['cache'])
    assert.deepEqual(summary(outcome), {
      failed: ['api: exit 3'],
      blocked: ["web needs service 'api', which failed (exit 3)"],
      unchanged: ['db'],
    })
    assert.equal(states(stack), 'db=Running cache=Stopped api=Failed web=NotStarted')
    assert.equal((await bench.left()).length, 1)
  })

  it('launches no more at once than it is told to', async () => {
    await using bench = await workbench()
    const names = ['a', 'b', 'c', 'd']
    const stack = await bench.load(file(names.map((name) => sh(name, forever))))
    assert.deepEqual((await start(stack, [], {parallel: 1})).started, names)
  })
})

describe('a restart', () => {
  const yaml = file([
    sh('db', forever),
    sh('api', forever, 'dependencies: [{service: db, restart: true}]'),
    sh('web', forever, 'dependencies: [{service: api, restart: true}]'),
    sh('other', forever, 'dependencies: [db]'),
  ])
  const pids = (stack: Awaited<ReturnType<Awaited<ReturnType<typeof workbench>>['load']>>) =>
    Object.fromEntries(stack.status([]).services.map(({name, pid}) => [name, pid]))

  it('takes along what says so, once what it needs is ready again', async () => {
    await using bench = await workbench()
    const stack = await bench.load(yaml)
    await start(stack)
    const before = pids(stack)
    const outcome = await start(stack, ['db'], {restart: true})
    assert.deepEqual(outcome.started, ['db', 'api', 'web'])
    await eventually(() => states(stack) === 'db=Running api=Running web=Running other=Running')
    const after = pids(stack)
    const reasons = ['db', 'api', 'web'].map(
      (name) => stack.history(name).find(({event}) => event === 'restart')?.reason,
    )
    assert.deepEqual(reasons, ['asked for', 'restarts with db', 'restarts with api'])
    assert.equal(after['other'], before['other'])
    for (const name of ['db', 'api', 'web']) assert.notEqual(after[name], before[name])
    const began = bench.events.flatMap((event) =>
      event.topic === 'service.state' && event.to === 'Starting' && event.status.attempt === 2 ? [event.service] : [],
    )
    assert.deepEqual(began, ['db', 'api', 'web'])
  })

  it('takes nothing along that does not run, nor by a policy', async () => {
    await using bench = await workbench()
    const stack = await bench.load(yaml)
    await start(stack, ['db', 'api'])
    const plan = formatPlan(stack.plan({services: ['db'], restart: true}))
    assert.equal(
      plan,
      ['restart service db (asked for)', 'restart service api after db ready (restarts with db)'].join('\n'),
    )
    assert.equal(
      formatPlan(stack.plan({services: ['db'], restart: true, dependencies: false})),
      'restart service db (asked for)',
    )
  })
})

describe('services of a stack', () => {
  it('remember their last moves with the cause of each', async () => {
    await using bench = await workbench()
    const stack = await bench.load(file([sh('api', forever)]))
    await start(stack)
    kill(stack.status(['api']).services[0]?.pid ?? 0)
    await eventually(() => states(stack) === 'api=Failed')
    await start(stack)
    await stop(stack)
    const shown = (await bench.again())
      .find('demo')
      .history('api')
      .map(
        ({from, to, event, reason, attempt}) =>
          `${attempt} ${from} ${event} ${to}${reason === null ? '' : `: ${reason}`}`,
      )
    assert.deepEqual(shown, [
      '1 NotStarted start Starting: asked for',
      '1 Starting ready Running',
      '1 Running exitedFinal Failed: killed by SIGKILL',
      '2 Failed start Starting: asked for',
      '2 Starting ready Running',
      '2 Running stop Stopping: asked for',
      '2 Stopping stopped Stopped',
    ])
  })

  it('that an edit took out of the file are named when the rest is started', async () => {
    await using bench = await workbench()
    await start(await bench.load(file([sh('api', forever), sh('old', forever)])))
    const outcome = await start(await bench.load(file([sh('api', forever)])))
    assert.deepEqual([outcome.unchanged, outcome.orphans], [['api'], ['old']])
    const stack = bench.stacks.find('demo')
    assert.deepEqual(
      stack.status([]).services.map(({name, orphan}) => `${name} ${orphan}`),
      ['api false', 'old true'],
    )
    await stop(stack, ['old'])
    assert.equal(states(stack), 'api=Running')
  })

  it('that need their time to stop are forced once the deadline of all is over', async () => {
    await using bench = await workbench()
    const deaf = `trap '' TERM; echo up >> up; while :; do sleep 0.1; done`
    const stack = await bench.loadWith(file([sh('web', deaf, 'dependencies: [db]'), sh('db', deaf)]), {
      web: {graceMs: 60_000},
      db: {graceMs: 60_000},
    })
    await start(stack)
    await eventually(() => bench.written('up').length === 2)
    const began = performance.now()
    const first = stop(stack)
    const second = stack.stop({services: [], dependents: 'stop', timeoutMs: 100})
    assert.deepEqual((await first).stopped, ['web', 'db'])
    await second
    assert.ok(performance.now() - began < 20_000)
    assert.deepEqual(await bench.left(), [])
  })

  it('are asked to end by their own command where they have one', async () => {
    await using bench = await workbench()
    const script = `trap 'echo signal >> said' TERM; until [ -e leave ]; do sleep 0.02; done; echo left >> said`
    const stack = await bench.loadWith(file([sh('api', script)]), {
      api: {stopCommand: {program: 'touch', args: ['leave']}},
    })
    await start(stack)
    await stop(stack)
    assert.deepEqual(bench.written('said'), ['left'])
    const env = {...callerEnv, UNUSED: '1'}
    await stack.start({services: [], env, restart: false})
    assert.deepEqual(bench.written('said'), ['left', 'left'])
  })
})

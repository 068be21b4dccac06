import assert from 'node:assert/strict'
import {writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'

import {formatPlan} from '../../../src/core/service/plan.js'
import {eventually} from '../process/temporary.js'
import {listener} from '../service/listener.js'
import {callerEnv, kill} from '../service/workbench.js'
import {file, forever, sh, start, states, stop, summary, task, workbench} from './workbench.js'

const check = (program: string, args: string): string =>
  `health_check: {command: '${program}', args: ${args}, start_interval: 20ms}`

describe('starting a stack', () => {
  it('brings everything up in order, and leaves it alone when asked again', async () => {
    await using bench = await workbench()
    const stack = await bench.load(
      file([sh('web', forever, 'dependencies: [api]'), sh('api', forever, 'dependencies: [db]'), sh('db', forever)]),
    )
    assert.deepEqual(summary(await start(stack)), {started: ['db', 'api', 'web']})
    const moves = bench.events.flatMap((event) =>
      event.topic === 'service.state' ? [`${event.service} ${event.to}`] : [],
    )
    assert.deepEqual(
      moves,
      ['db', 'api', 'web'].flatMap((name) => [`${name} Starting`, `${name} Running`]),
    )
    assert.deepEqual(summary(await start(stack)), {unchanged: ['db', 'api', 'web']})
    assert.deepEqual((await stop(stack)).stopped, ['web', 'api', 'db'])
    assert.deepEqual(await bench.left(), [])
    assert.deepEqual(bench.troubles, [])
  })

  it('brings up only what was asked for and what that needs', async () => {
    await using bench = await workbench()
    const stack = await bench.load(
      file([sh('api', forever, 'dependencies: [db]'), sh('db', forever), sh('other', forever)]),
    )
    assert.deepEqual(summary(await start(stack, ['api'])), {started: ['db', 'api']})
    assert.equal(states(stack), 'api=Running db=Running other=NotStarted')
  })

  it('blocks at once, with the chain, what needs something that ended badly', async () => {
    await using bench = await workbench()
    const succeeded = (name: string): string => `dependencies: [{service: ${name}, condition: succeeded}]`
    const stack = await bench.load(
      file([
        sh('c', `echo c >> ran; ${forever}`, 'dependencies: [a]'),
        sh('a', `echo a >> ran; ${forever}`, succeeded('b')),
        sh('b', 'echo going; exit 1'),
      ]),
    )
    const outcome = await start(stack)
    assert.deepEqual(summary(outcome), {
      failed: ['b: exit 1'],
      blocked: [
        "a needs service 'b', which failed (exit 1)",
        "c needs service 'a', which is blocked (a needs service 'b', which failed (exit 1))",
      ],
    })
    assert.deepEqual(bench.written('ran'), [])
    const [failure] = outcome.failed
    assert.deepEqual([failure?.code, failure?.exit?.code, failure?.lastLines], ['SERVICE_EXITED', 1, ['going']])
    assert.equal(states(stack), 'c=NotStarted a=NotStarted b=Failed')
  })

  it('does not wait for the slow one when another has failed', async () => {
    await using bench = await workbench()
    const stack = await bench.load(
      file([
        sh('a', forever, 'dependencies: [slow, broken]'),
        sh('slow', forever, check('false', '[]')),
        sh('broken', 'exit 3'),
      ]),
    )
    const began = performance.now()
    const outcome = await start(stack, ['a'])
    assert.ok(performance.now() - began < 3000)
    assert.deepEqual(summary(outcome), {
      failed: ['broken: exit 3'],
      blocked: ["a needs service 'broken', which failed (exit 3)"],
      pending: ['slow'],
    })
  })

  it('calls a dependency that has not had its turn pending, not started', async () => {
    await using bench = await workbench()
    const stack = await bench.load(
      file([
        sh('a', forever, 'dependencies: [middle, broken]'),
        sh('middle', forever, 'dependencies: [slow]'),
        sh('slow', forever, check('false', '[]')),
        sh('broken', 'exit 3'),
      ]),
    )
    const {pending, started} = await start(stack, ['a'])
    assert.deepEqual([started, pending], [[], ['slow', 'middle']])
  })

  it('starts what waits when a failing dependency comes up after a restart', async () => {
    await using bench = await workbench()
    const script = `if [ -e tried ]; then ${forever}; fi; touch tried; exit 1`
    const stack = await bench.load(
      file([
        sh('a', forever, 'dependencies: [b]'),
        sh('b', script, 'restart: {policy: on-failure, delay: 20ms}', check('test', '[-e, ready]')),
      ]),
    )
    const starting = start(stack)
    await eventually(() => stack.status(['b']).services[0]?.attempt === 2)
    writeFileSync(path.join(bench.folder, 'ready'), '')
    assert.deepEqual(summary(await starting), {started: ['b', 'a']})
  })

  it('reports what dies within a moment after it was ready', async () => {
    await using bench = await workbench()
    const stack = await bench.load(file([sh('api', 'sleep 0.05; echo sorry; exit 4')]))
    const {failed} = await start(stack)
    assert.deepEqual(
      failed.map(({name, reason, lastLines}) => [name, reason, lastLines]),
      [['api', 'exit 4', ['sorry']]],
    )
  })

  it('counts a one-shot that ended well as started', async () => {
    await using bench = await workbench()
    const stack = await bench.load(file([sh('once', 'exit 0'), sh('api', forever, 'dependencies: [once]')]))
    assert.deepEqual(summary(await start(stack)), {started: ['once', 'api']})
    assert.equal(states(stack), 'once=Stopped api=Running')
  })

  it('fails what is overdue, blocks what needs it, and leaves it running', async () => {
    await using bench = await workbench()
    const stack = await bench.load(
      file([
        sh('slow', forever, check('test', '[-e, ready]'), 'startup_timeout: 100ms'),
        sh('api', forever, 'dependencies: [slow]'),
      ]),
    )
    const {failed, blocked} = await start(stack)
    assert.deepEqual(
      [failed[0]?.code, blocked[0]?.reason],
      ['SERVICE_START_TIMEOUT', "api needs service 'slow', which was not ready in time"],
    )
    assert.equal(states(stack), 'slow=Starting api=NotStarted')
    writeFileSync(path.join(bench.folder, 'ready'), '')
    await eventually(() => states(stack).startsWith('slow=Running'))
    assert.deepEqual(summary(await start(stack)), {started: ['api'], unchanged: ['slow']})
  })

  it('answers what was waited for when somebody stops it meanwhile, also to those who wait for that', async () => {
    await using bench = await workbench()
    const stack = await bench.load(
      file([
        sh('a', forever, check('test', '[-e, ready]')),
        sh('b', `echo b >> ran; ${forever}`, 'dependencies: [a]'),
        sh('c', `echo c >> ran; ${forever}`, 'dependencies: [b]'),
      ]),
    )
    const starting = start(stack)
    await eventually(() => stack.status(['b']).services[0]?.waitsFor.includes('a'))
    const began = performance.now()
    assert.deepEqual((await stop(stack, ['b'], 'leave')).failed, [])
    assert.ok(performance.now() - began < 1000)
    writeFileSync(path.join(bench.folder, 'ready'), '')
    assert.deepEqual(summary(await starting), {
      started: ['a'],
      failed: ['b: it was stopped meanwhile'],
      blocked: ["c needs service 'b', which was stopped"],
    })
    assert.deepEqual(bench.written('ran'), [])
  })

  it('has one process of a service that was restarted while it waited', async () => {
    await using bench = await workbench()
    const stack = await bench.load(
      file([sh('a', forever, check('test', '[-e, ready]')), sh('b', `echo b >> ran; ${forever}`, 'dependencies: [a]')]),
    )
    const all = [start(stack), start(stack, ['b'], {restart: true})]
    await eventually(() => stack.status(['b']).services[0]?.waitsFor.includes('a'))
    all.push(start(stack, ['b'], {restart: true}))
    writeFileSync(path.join(bench.folder, 'ready'), '')
    await Promise.all(all)
    assert.equal(states(stack), 'a=Running b=Running')
    assert.equal((await bench.left()).length, 2)
  })

  it('answers 20 concurrent restarts, with one process at the end', async () => {
    await using bench = await workbench()
    const stack = await bench.load(file([sh('api', forever), sh('web', forever, 'dependencies: [api]')]))
    await start(stack)
    const outcomes = await Promise.all(Array.from({length: 20}, () => start(stack, ['api'], {restart: true})))
    for (const outcome of outcomes) assert.deepEqual(summary(outcome), {started: ['api']})
    assert.equal((await bench.left()).length, 2)
    assert.deepEqual(bench.troubles, [])
  })

  it('restarts only what has another definition', async () => {
    await using bench = await workbench()
    const services = (version: number): string =>
      file([sh('db', forever), sh('api', forever, `env: {VERSION: "${version}"}`, 'dependencies: [db]')])
    const stack = await bench.load(services(1))
    await start(stack)
    const before = stack.status([]).services.map(({pid}) => pid)
    assert.equal(await bench.load(services(2)), stack)
    assert.deepEqual(
      stack.status([]).services.map(({pid}) => pid),
      before,
      'a load changes nothing that runs',
    )
    const plans: string[] = []
    const outcome = await start(stack, [], {onPlan: (plan) => plans.push(formatPlan(plan))})
    assert.deepEqual(summary(outcome), {started: ['api'], unchanged: ['db']})
    assert.match(plans[0] ?? '', /^restart service api .*\(its definition changed\)$/m)
    assert.deepEqual(
      stack.status([]).services.map(({attempt}) => attempt),
      [1, 2],
    )
  })

  it('does not restart because the caller has another environment, but gives it to what it starts', async () => {
    await using bench = await workbench()
    const stack = await bench.load(
      file([sh('a', `echo "$WHO" >> who; ${forever}`), sh('b', `echo "$WHO" >> who; ${forever}`)]),
    )
    await start(stack, ['a'], {env: {...callerEnv, WHO: 'first'}})
    await start(stack, ['a', 'b'], {env: {...callerEnv, WHO: 'second'}})
    assert.deepEqual(bench.written('who'), ['first', 'second'])
  })

  it('gives each of several concurrent callers its own environment', async () => {
    await using bench = await workbench()
    const names = Array.from({length: 6}, (_, index) => `s${index}`)
    const stack = await bench.load(file(names.map((name) => sh(name, `echo "${name} $WHO" >> who; ${forever}`))))
    const outcomes = await Promise.all(
      names.map((name) => start(stack, [name], {env: {...callerEnv, WHO: `caller of ${name}`}})),
    )
    assert.deepEqual(
      outcomes.map(summary),
      names.map((name) => ({started: [name]})),
    )
    assert.deepEqual(
      [...bench.written('who')].sort(),
      names.map((name) => `${name} caller of ${name}`),
    )
  })

  it('fills references in: ports, addresses, outputs and the folder', async () => {
    await using bench = await workbench()
    const stack = await bench.load(
      file(
        [
          sh('db', forever, 'ports: {sql: 0}'),
          sh(
            'api',
            `echo "$URL $PORT $CODE $DIR" > seen; ${forever}`,
            'ports: {http: 0}',
            'env: {URL: "${db.url}", PORT: "${api.port}", CODE: "${seed.outputs.exitCode}", DIR: "${stack.dir}"}',
            'dependencies: [db, {task: seed}]',
          ),
        ],
        [task('seed', 'exit 0')],
      ),
    )
    const {failed} = await start(stack)
    assert.deepEqual(failed, [])
    const [db, api] = stack.status([]).services.map(({endpoints}) => endpoints[0])
    await eventually(() => bench.written('seen').length === 1)
    assert.deepEqual(bench.written('seen'), [`${db?.url ?? ''} ${api?.port ?? ''} 0 ${bench.folder}`])
  })

  it('names a reference that has no value, and does not start', async () => {
    await using bench = await workbench()
    const seeded = ['env: {CODE: "${seed.outputs.missing}"}', 'dependencies: [{task: seed}]']
    const stack = await bench.load(file([sh('api', forever, ...seeded)], [task('seed', 'true')]))
    const [failure] = (await start(stack, ['api'])).failed
    assert.equal(failure?.code, 'SERVICE_START_FAILED')
    assert.match(failure.reason, /'\$\{seed\.outputs\.missing\}' has no value/)
    assert.match(failure.hint, /dependencies of 'api'/)
    assert.deepEqual(await bench.left(), [])
  })

  it('shows no output of an earlier attempt as that of one that never began', async () => {
    await using bench = await workbench()
    const api = sh('api', 'echo early; exit 1')
    const stack = await bench.load(file([api]))
    assert.deepEqual((await start(stack)).failed[0]?.lastLines, ['early'])
    await using other = await listener()
    await bench.load(file([`${api}\n    ports: {http: ${other.port}}`]))
    const [busy] = (await start(stack)).failed
    assert.deepEqual([busy?.code, busy?.lastLines], ['PORT_BUSY', []])
    await bench.load(file([api.replace('binary: sh', 'binary: no-such-program')]))
    const [missing] = (await start(stack)).failed
    assert.match(missing?.reason ?? '', /no-such-program/)
    assert.deepEqual(missing?.lastLines, [])
  })

  it('goes on when a service dies and its policy brings it back', async () => {
    await using bench = await workbench()
    const stack = await bench.load(file([sh('api', forever, 'restart: {policy: always, delay: 20ms}')]))
    await start(stack)
    const {pid} = stack.status(['api']).services[0] ?? {}
    kill(pid ?? 0)
    await eventually(() => stack.status(['api']).services[0]?.attempt === 2 && states(stack) === 'api=Running')
    assert.equal(stack.status(['api']).services[0]?.restarts, 1)
    assert.deepEqual(
      bench.events.flatMap((event) => (event.topic === 'service.state' ? [`${event.from}>${event.to}`] : [])),
      ['NotStarted>Starting', 'Starting>Running', 'Running>Restarting', 'Restarting>Starting', 'Starting>Running'],
    )
  })

  it('refuses names it does not know before it does anything', async () => {
    await using bench = await workbench()
    const stack = await bench.load(file([sh('api', forever)]))
    await assert.rejects(start(stack, ['api', 'ghost']), {code: 'SERVICE_UNKNOWN', subject: 'ghost'})
    await assert.rejects(stop(stack, ['ghost']), {code: 'SERVICE_UNKNOWN'})
    assert.equal(states(stack), 'api=NotStarted')
  })

  it('does not call started what its policy restarts again and again', async () => {
    await using bench = await workbench()
    const policy = (attempts: number) =>
      `restart: {policy: always, delay: 20ms, max_delay: 20ms, max_attempts: ${attempts}}`
    const stack = await bench.load(
      file([
        sh('few', 'exit 3', policy(3), 'min_uptime: 1h'),
        sh('many', 'exit 3', policy(1000), 'min_uptime: 1h', 'startup_timeout: 1s'),
        sh('good', forever, policy(3)),
      ]),
    )
    const outcome = await start(stack)
    assert.deepEqual(outcome.started, ['good'])
    const failed = Object.fromEntries(outcome.failed.map((each) => [each.name, each]))
    assert.match(failed['few']?.reason ?? '', /^crash loop: 4 exits in 60 s, the last with exit 3$/)
    assert.match(failed['many']?.reason ?? '', /^it keeps ending: \d+ restarts, the last after exit 3$/)
    assert.equal(failed['many']?.code, 'SERVICE_EXITED')
    await stop(stack)
  })
})

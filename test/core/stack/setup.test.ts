import assert from 'node:assert/strict'
import {existsSync, rmSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'

import type {ServiceContext, ServiceSetup} from '../../../src/core/contract/service-type.js'
import {eventually} from '../process/temporary.js'
import {file, forever, sh, start, states, stop, summary, workbench} from './workbench.js'

type Bench = Awaited<ReturnType<typeof workbench>>

const db = `  db:
    service_type: own
    config: {name: app}
    ports: {main: 0}
    target: {type: process, binary: sh, args: [-c, exec sleep 600]}`
const two = file([db, sh('api', forever, 'dependencies: [db]')])

/** A setup that is complete once it has been performed, which it notes in a file. */
function marking(bench: Bench, more: Partial<ServiceSetup<unknown>> = {}): ServiceSetup<unknown> {
  const mark = path.join(bench.folder, 'set-up')
  return {
    isComplete: () => Promise.resolve(existsSync(mark)),
    perform() {
      writeFileSync(mark, '')
      return Promise.resolve()
    },
    ...more,
  }
}

function moves(bench: Bench, service: string): string {
  return bench.events
    .flatMap((event) => (event.topic === 'service.state' && event.service === service ? [event.to] : []))
    .join(' ')
}

describe('the setup of a service', () => {
  it('is performed once it is ready, and what needs it waits for that', async () => {
    await using bench = await workbench()
    const seen: ServiceContext<unknown>[] = []
    const setup = marking(bench)
    await bench.withServiceType({
      setup: {
        ...setup,
        perform(context) {
          seen.push(context)
          assert.equal(states(bench.stacks.find('demo')), 'db=SettingUp api=NotStarted')
          context.progress('creating it')
          return setup.perform(context)
        },
      },
    })
    const stack = await bench.load(two)
    assert.deepEqual(summary(await start(stack)), {started: ['db', 'api']})
    assert.equal(moves(bench, 'db'), 'Starting SetupRequired SettingUp SetupComplete Running')
    const [context] = seen
    assert.ok(context)
    assert.deepEqual([seen.length, context.config, context.target.type], [1, {name: 'app'}, 'process'])
    assert.equal(context.endpoint('main').port, stack.status(['db']).services[0]?.endpoints[0]?.port)
    assert.equal(context.endpointOf('db'), `tcp://127.0.0.1:${context.endpoint().port}`)
    assert.throws(() => context.endpoint('other'), {code: 'SERVICE_SETUP_FAILED'})
  })

  it('is not performed when it is complete already', async () => {
    await using bench = await workbench()
    const setup = marking(bench, {perform: () => assert.fail('it was performed')})
    await bench.withServiceType({setup})
    writeFileSync(path.join(bench.folder, 'set-up'), '')
    const stack = await bench.load(two)
    assert.deepEqual(summary(await start(stack)), {started: ['db', 'api']})
    assert.equal(moves(bench, 'db'), 'Starting Running')
  })

  const failures: readonly (readonly [string, Partial<ServiceSetup<unknown>>, string])[] = [
    ['cannot be performed', {perform: () => Promise.reject(new Error('no room.'))}, 'setup: perform: no room'],
    ['does not hold', {validate: () => Promise.reject(new Error('not there'))}, 'setup: validate: not there'],
    ['cannot be asked', {isComplete: () => Promise.reject(new Error('refused'))}, 'setup: isComplete: refused'],
    [
      'is never complete',
      {isComplete: () => Promise.resolve(false)},
      'setup: it was performed, and still says that it is not complete',
    ],
  ]
  for (const [what, part, reason] of failures) {
    it(`that ${what} fails the service, which leaves nothing, and blocks what needs it`, async () => {
      await using bench = await workbench()
      await bench.withServiceType({setup: marking(bench, part)})
      const stack = await bench.load(two)
      assert.deepEqual(summary(await start(stack)), {
        failed: [`db: ${reason}`],
        blocked: [`api needs service 'db', which failed (${reason})`],
      })
      assert.deepEqual(await bench.left(), [])
      assert.equal(stack.status(['db']).services[0]?.exit?.signal, 'SIGTERM')
    })
  }

  it('goes on with another daemon where it was', async () => {
    await using bench = await workbench()
    let performed = 0
    let release = (): void => undefined
    const setup = marking(bench)
    const slow = {
      ...setup,
      async perform(context: ServiceContext<unknown>) {
        performed += 1
        if (performed === 1) await new Promise<void>((resolve) => (release = resolve))
        else await setup.perform(context)
      },
    }
    await bench.withServiceType({setup: slow})
    const stack = await bench.load(two)
    void start(stack)
    await eventually(() => states(stack) === 'db=SettingUp api=NotStarted' && performed === 1)
    const before = stack.status(['db']).services[0]?.pid
    await bench.withServiceType({setup: slow})
    const after = bench.stacks.find('demo')
    await eventually(() => states(after) === 'db=Running api=Running')
    release()
    assert.equal(performed, 2)
    assert.equal(after.status(['db']).services[0]?.pid, before)
  })

  it('is given up by a stop', async () => {
    await using bench = await workbench()
    let aborted = false
    const perform = ({signal}: ServiceContext<unknown>): Promise<void> =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          aborted = true
          reject(new Error('given up'))
        })
      })
    await bench.withServiceType({setup: marking(bench, {perform})})
    const stack = await bench.load(two)
    const starting = start(stack)
    await eventually(() => states(stack) === 'db=SettingUp api=NotStarted')
    await stop(stack)
    await starting
    assert.equal(states(stack), 'db=Stopped api=NotStarted')
    assert.equal(aborted, true)
    assert.deepEqual(bench.troubles, [])
  })

  it('that is not done in time fails the start', async () => {
    await using bench = await workbench()
    await bench.withServiceType({setup: marking(bench, {perform: () => new Promise(() => undefined)})})
    const stack = await bench.loadWith(two, {db: {startupTimeoutMs: 300}})
    const outcome = await start(stack, ['db'])
    assert.deepEqual(summary(outcome), {failed: ['db: not set up after 300 ms']})
    assert.equal(outcome.failed[0]?.code, 'SERVICE_START_TIMEOUT')
    assert.equal(states(stack), 'db=SettingUp api=NotStarted')
    rmSync(path.join(bench.folder, 'set-up'), {force: true})
  })

  /** A setup that is performed until it is released. */
  function held(bench: Bench) {
    let release = (): void => undefined
    const setup = marking(bench)
    const gate = new Promise<void>((resolve) => (release = resolve))
    const perform = async (context: ServiceContext<unknown>): Promise<void> => {
      await gate
      await setup.perform(context)
    }
    return {setup: {...setup, perform}, release}
  }

  it('whose program ends meanwhile, however well, is a failure', async () => {
    await using bench = await workbench()
    const {setup, release} = held(bench)
    await bench.withServiceType({setup})
    const stack = await bench.load(
      file([
        db.replace('exec sleep 600', "'until [ -e go ]; do sleep 0.02; done'"),
        sh('api', forever, 'dependencies: [db]'),
      ]),
    )
    const starting = start(stack)
    await eventually(() => states(stack) === 'db=SettingUp api=NotStarted')
    writeFileSync(path.join(bench.folder, 'go'), '')
    const outcome = await starting
    release()
    assert.deepEqual(
      outcome.failed.map(({name, reason}) => `${name}: ${reason}`),
      ['db: it ended before it was set up (exit 0)'],
    )
    assert.equal(states(stack), 'db=Failed api=NotStarted')
    assert.deepEqual(bench.troubles, [])
  })

  it('that goes on is given up by a restart, which does it anew', async () => {
    await using bench = await workbench()
    const {setup, release} = held(bench)
    await bench.withServiceType({setup})
    const stack = await bench.load(two)
    const starting = start(stack)
    await eventually(() => states(stack) === 'db=SettingUp api=NotStarted')
    const again = start(stack, ['db'], {restart: true})
    await eventually(() => stack.status(['db']).services[0]?.attempt === 2)
    release()
    assert.deepEqual((await again).started, ['db'])
    await starting
    assert.deepEqual(bench.troubles, [])
  })

  const check = {
    check: {kind: 'command', program: 'test', args: ['!', '-e', 'sick'], on: 'service'},
    intervalMs: 20,
    startIntervalMs: 10,
    startPeriodMs: 0,
    timeoutMs: 2000,
    successThreshold: 1,
    failureThreshold: 2,
  } as const

  it('does not hide that the service has become unhealthy meanwhile', async () => {
    await using bench = await workbench()
    const {setup, release} = held(bench)
    await bench.withServiceType({setup})
    const stack = await bench.loadWith(two, {db: {healthCheck: check}})
    void start(stack)
    await eventually(() => states(stack) === 'db=SettingUp api=NotStarted')
    writeFileSync(path.join(bench.folder, 'sick'), '')
    await eventually(() => stack.status(['db']).services[0]?.health?.ok === false)
    await new Promise((resolve) => setTimeout(resolve, 200))
    release()
    await eventually(() => stack.status(['db']).services[0]?.state === 'Unhealthy')
    rmSync(path.join(bench.folder, 'sick'))
    await eventually(() => states(stack) === 'db=Running api=Running')
    await stop(stack)
  })

  it('does not keep a liveness check from restarting it', async () => {
    await using bench = await workbench()
    const {setup, release} = held(bench)
    await bench.withServiceType({setup})
    const restart = {policy: 'no', delayMs: 10, factor: 1, maxDelayMs: 10, jitter: 0, maxAttempts: 5} as const
    const stack = await bench.loadWith(two, {
      db: {liveness: check, restart: {...restart, windowMs: 60_000, resetAfterMs: 60_000}},
    })
    void start(stack)
    await eventually(() => states(stack) === 'db=SettingUp api=NotStarted')
    writeFileSync(path.join(bench.folder, 'sick'), '')
    await eventually(() => (stack.status(['db']).services[0]?.attempt ?? 0) > 1)
    rmSync(path.join(bench.folder, 'sick'))
    release()
    await eventually(() => states(stack) === 'db=Running api=Running')
    await stop(stack)
  })

  it('taken over by another daemon is overdue there as well, and done when its type has none any more', async () => {
    await using bench = await workbench()
    const hanging = marking(bench, {perform: () => new Promise(() => undefined)})
    await bench.withServiceType({setup: hanging})
    const stack = await bench.loadWith(two, {db: {startupTimeoutMs: 700}})
    void start(stack)
    await eventually(() => states(stack) === 'db=SettingUp api=NotStarted')
    await bench.withServiceType({setup: hanging})
    const second = bench.stacks.find('demo')
    await eventually(() => second.status(['db']).services[0]?.overdue === true)
    assert.match(second.status(['db']).services[0]?.reason ?? '', /^not set up after 700 ms/)
    await bench.withServiceType({})
    await eventually(() => bench.stacks.find('demo').status(['db']).services[0]?.state === 'Running')
  })
})

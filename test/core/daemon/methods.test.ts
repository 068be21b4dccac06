import assert from 'node:assert/strict'
import {writeFileSync} from 'node:fs'
import {writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'mocha'

import type {HarnessError} from '../../../src/core/base/errors.js'
import {newId} from '../../../src/core/base/ids.js'
import type {LogLine} from '../../../src/core/contract/log.js'
import {logMethods} from '../../../src/core/daemon/methods/logs.js'
import type {DaemonEvent, Progress} from '../../../src/core/protocol/notifications.js'
import type {Topic} from '../../../src/core/protocol/topics.js'
import type {Call} from '../../../src/core/transport/connection.js'
import {eventually} from '../process/temporary.js'
import {callerEnv} from '../service/workbench.js'
import {file, forever, sh, states, task} from '../stack/workbench.js'
import {daemon} from './memory-daemon.js'

const demo = file([sh('api', `echo hello; ${forever}`, 'dependencies: [db]'), sh('db', forever)])
const ask = {stack: 'demo', services: [], env: callerEnv}

describe('the methods of a daemon', () => {
  it('introduce it', async () => {
    await using it = await daemon()
    const client = await it.client()
    assert.deepEqual(client.hello.daemon, {version: '1.2.3', epoch: 'epoch-1', pid: process.pid})
    assert.deepEqual(
      client.hello.plugins.map(({name}) => name),
      ['@service-harness/cli'],
    )
    assert.deepEqual(await client.call('daemon.shutdown', {stopServices: true}), {})
    assert.deepEqual(it.shutdowns, [{stopServices: true}])
  })

  it('load a stack from its file, and say what is wrong with it', async () => {
    await using it = await daemon()
    const client = await it.client()
    const load = (name: string, env: Record<string, string>) =>
      client.call('stack.loadFile', {file: path.resolve(it.bench.folder, name), env, requestId: newId()})
    await writeFile(path.join(it.bench.folder, 'good.yaml'), file([sh('api', '${WORK}')], [], 'good'))
    const {stack} = await load('good.yaml', {WORK: forever})
    const {stacks} = await client.call('stack.list', {})
    assert.deepEqual(
      stacks.map(({stack, name}) => [stack, name]),
      [[stack, 'good']],
    )
    await writeFile(path.join(it.bench.folder, 'bad.yaml'), 'services: {api: {type: proces}}')
    await assert.rejects(load('bad.yaml', {}), {code: 'CONFIG_INVALID'})
    await assert.rejects(load('missing.yaml', {}), {code: 'CONFIG_NOT_FOUND', reason: 'there is no such file'})
    await assert.rejects(load('.', {}), {code: 'CONFIG_NOT_FOUND', reason: 'it is no regular file'})
    await assert.rejects(client.call('stack.loadFile', {file: '/dev/zero', env: {}, requestId: newId()}), {
      code: 'CONFIG_NOT_FOUND',
    })
  })

  it('list what is installed', async () => {
    await using it = await daemon()
    const client = await it.client()
    const {types, problems} = await client.call('types.list', {})
    assert.deepEqual(
      types.map(({sort, name}) => `${sort} ${name}`),
      [
        ...['executor process', 'executor process-attach', 'executor systemd', 'executor systemd-attach'],
        ...['layer local', 'taskType command'],
      ],
    )
    assert.deepEqual(problems, [])
    const one = await client.call('types.list', {type: 'command'})
    assert.deepEqual(
      one.types.map(({name, plugin}) => [name, plugin.name]),
      [['command', '@service-harness/cli']],
    )
  })

  it('check the health of services now', async () => {
    await using it = await daemon()
    const client = await it.client()
    const {stack} = await client.call('stack.load', {definition: await it.bench.define(demo), requestId: 'load'})
    await client.call('service.start', {...ask, stack, requestId: 'start'})
    const checked = await client.call('health.check', {stack, services: []})
    assert.deepEqual(
      [checked.stack, checked.name, checked.services.map(({name, verdict}) => `${name} ${verdict}`)],
      [stack, 'demo', ['api unchecked', 'db unchecked']],
    )
  })

  it('load a stack, start it with a plan and steps, show it, and stop it', async () => {
    await using it = await daemon()
    const client = await it.client()
    const definition = await it.bench.define(demo)
    const {stack} = await client.call('stack.load', {definition, requestId: 'load'})
    const progress: Progress[] = []
    const outcome = await client.call(
      'service.start',
      {...ask, stack, requestId: 'start'},
      {onProgress: (each) => progress.push(each)},
    )
    assert.deepEqual(outcome.started, ['db', 'api'])
    const [first, ...rest] = progress
    assert.ok(first && 'plan' in first)
    assert.deepEqual(first.plan, [
      {kind: 'service', name: 'db', action: 'start', cause: 'needed by api', after: []},
      {kind: 'service', name: 'api', action: 'start', cause: 'asked for', after: ['db']},
    ])
    const moves = rest.flatMap((each) => ('step' in each ? [`${each.step.name} ${each.step.state}`] : []))
    assert.deepEqual(
      moves.filter((move, index) => move !== moves[index - 1] && !move.endsWith('NotStarted')),
      ['db Starting', 'db Running', 'api Starting', 'api Running'],
    )
    const status = await client.call('service.status', {stack, services: ['api']})
    assert.deepEqual(
      status.services.map(({name, state}) => [name, state]),
      [['api', 'Running']],
    )
    const {stacks} = await client.call('stack.list', {})
    assert.deepEqual(
      stacks.map(({name, running, total}) => [name, running, total]),
      [['demo', 2, 2]],
    )
    const stopped = await client.call('service.stop', {stack, services: [], dependents: 'stop', requestId: 'stop'})
    assert.deepEqual(stopped.stopped, ['api', 'db'])
  })

  it('answer the same request once, whoever repeats it', async () => {
    await using it = await daemon()
    await it.bench.load(file([sh('api', forever)], [task('seed', 'echo seed >> ran')]))
    const [one, two] = [await it.client(), await it.client()]
    const request = {stack: 'demo', task: 'seed', force: false, env: callerEnv, requestId: 'r1'}
    const [first, again] = await Promise.all([one.call('task.run', request), two.call('task.run', request)])
    assert.deepEqual(first, again)
    assert.equal(first.task.state, 'Succeeded')
    assert.deepEqual(it.written('ran'), ['seed'])
    await one.call('task.run', {...request, requestId: 'r2'})
    assert.deepEqual(it.written('ran'), ['seed', 'seed'])
    assert.deepEqual(
      (await two.call('task.list', {stack: 'demo'})).tasks.map(({name}) => name),
      ['seed'],
    )
  })

  it('finish a start whose client has left or has taken it back', async () => {
    await using it = await daemon()
    const check = "health_check: {command: test, args: ['-e', ready], start_interval: 20ms}"
    const stack = await it.bench.load(file([sh('api', forever, 'dependencies: [db]'), sh('db', forever, check)]))
    const leaving = await it.client()
    const lost = leaving.call('service.start', {...ask, requestId: 'r1'})
    await eventually(() => states(stack) === 'api=NotStarted db=Starting')
    await leaving[Symbol.asyncDispose]()
    await assert.rejects(lost, {code: 'CONNECTION_LOST'})
    const other = await it.client()
    const answer = other.call('service.start', {...ask, requestId: 'r1'})
    const controller = new AbortController()
    const back = other.call('service.start', {...ask, requestId: 'r2'}, {signal: controller.signal})
    controller.abort(new Error('never mind'))
    await assert.rejects(back, /never mind/)
    writeFileSync(path.join(it.folder, 'ready'), '')
    assert.deepEqual((await answer).started, ['db', 'api'])
  })

  it('name what is not known', async () => {
    await using it = await daemon()
    const client = await it.client()
    await assert.rejects(client.call('service.start', {...ask, requestId: 'r'}), {code: 'STACK_UNKNOWN'})
    await it.bench.load(demo)
    const services = ['ghost']
    await assert.rejects(client.call('service.status', {stack: 'demo', services}), {code: 'SERVICE_UNKNOWN'})
    assert.deepEqual((await client.call('service.start', {...ask, requestId: 'r'})).started, ['db', 'api'])
  })
})

describe('events.subscribe', () => {
  it('gives a snapshot and every event after it', async () => {
    await using it = await daemon()
    const stack = await it.bench.load(file([sh('api', forever)]))
    const client = await it.client()
    const heard: DaemonEvent[] = []
    client.onEvent((event) => heard.push(event))
    const {epoch, seq, snapshot} = await client.call('events.subscribe', {topics: ['service.state'], snapshot: true})
    assert.equal(epoch, 'epoch-1')
    assert.deepEqual(snapshot, [stack.status([])])
    await client.call('service.start', {...ask, requestId: 'r'})
    await it.bench.load(file([sh('api', forever)]))
    await eventually(() => heard.length >= 2)
    assert.deepEqual(
      heard.map((event) => ('to' in event ? event.to : event.topic)),
      ['Starting', 'Running'],
    )
    const [first, second] = heard.map((event) => event.seq)
    assert.ok(first !== undefined && second !== undefined && seq < first && first < second)
    await client.call('events.unsubscribe', {})
    await client.call('service.stop', {stack: 'demo', services: [], dependents: 'stop', requestId: 's'})
    assert.equal(heard.length, 2)
  })

  it('replays what was missed within an epoch, and gives a snapshot where it cannot', async () => {
    await using it = await daemon()
    await it.bench.load(file([sh('api', forever)]))
    const first = await it.client()
    await first.call('service.start', {...ask, requestId: 'r'})
    const client = await it.client()
    const heard: DaemonEvent[] = []
    client.onEvent((event) => heard.push(event))
    const after = {topics: [], snapshot: false, after: 1, epoch: 'epoch-1'}
    const known = await client.call('events.subscribe', after)
    assert.equal(known.snapshot, undefined)
    const missed = Array.from({length: known.seq - 1}, (_, index) => index + 2)
    assert.deepEqual(
      heard.map(({seq}) => seq),
      missed,
    )
    for (const other of [
      {...after, epoch: 'epoch-0'},
      {...after, after: 99},
    ]) {
      const unknown = await client.call('events.subscribe', other)
      assert.equal(unknown.snapshot?.length, 1)
    }
    assert.equal(heard.length, missed.length)
  })

  it('refuses a topic that there is not', async () => {
    await using it = await daemon()
    const client = await it.client()
    const topics = ['stack.loaded', 'servce.state\x1B[2J'] as unknown as readonly Topic[]
    await assert.rejects(client.call('events.subscribe', {topics, snapshot: false}), (error: HarnessError) => {
      assert.equal(error.code, 'REQUEST_INVALID')
      assert.match(error.reason ?? '', /^params\/topics\/1: expected one of service\.state, .*, found 'servce\.state'$/)
      return true
    })
    assert.equal(it.subscribers(), 0)
    assert.deepEqual(await client.call('events.subscribe', {topics: [], snapshot: false}), {epoch: 'epoch-1', seq: 0})
  })

  it('forgets a client that has gone', async () => {
    await using it = await daemon()
    const client = await it.client()
    await client.call('events.subscribe', {topics: [], snapshot: false})
    await client.call('events.subscribe', {topics: [], snapshot: false})
    assert.equal(it.subscribers(), 1)
    await client[Symbol.asyncDispose]()
    await eventually(() => it.subscribers() === 0)
  })
})

describe('logs.read', () => {
  it('sends lines, then their number; follows until taken back', async () => {
    await using it = await daemon()
    await it.bench.load(demo)
    const client = await it.client()
    await client.call('service.start', {...ask, requestId: 'r'})
    const lines: LogLine[] = []
    const wish = {stack: 'demo', services: [], tail: 10, attempts: 'all', follow: false} as const
    const onLog = (more: readonly LogLine[]): void => void lines.push(...more)
    await eventually(async () => (await client.call('logs.read', wish)).lines === 1)
    assert.deepEqual(await client.call('logs.read', wish, {onLog}), {lines: 1})
    assert.deepEqual(
      lines.map(({service, text}) => [service, text]),
      [['api', 'hello']],
    )
    const controller = new AbortController()
    const {signal} = controller
    const following = client.call('logs.read', {...wish, follow: true}, {onLog, signal})
    await eventually(() => lines.length === 2)
    await client.call('service.restart', {...ask, services: ['api'], requestId: 'r2'})
    await eventually(() => lines.length === 3)
    assert.equal(lines[2]?.attempt, 2)
    controller.abort(new Error('enough'))
    await assert.rejects(following, /enough/)
  })

  it('says where it begins, and refuses times and patterns that are none', async () => {
    await using it = await daemon()
    await it.bench.load(demo)
    const client = await it.client()
    await client.call('service.start', {...ask, requestId: 'r'})
    const wish = {stack: 'demo', services: ['api'], tail: null, attempts: 'all', follow: false} as const
    await eventually(async () => (await client.call('logs.read', wish)).lines === 1)
    const begins: unknown[] = []
    const onLog = (lines: readonly LogLine[], begin: unknown): void => void begins.push(begin ?? lines.length)
    const after = [{service: 'api', attempt: 1, stream: 'stdout', offset: 6}] as const
    await client.call('logs.read', {...wish, grep: '^h', since: '2020-01-01T00:00:00Z'}, {onLog})
    const start = {service: 'api', attempt: 1, offset: 0}
    assert.deepEqual(begins, [
      [
        {...start, stream: 'stdout'},
        {...start, stream: 'stderr'},
      ],
      1,
    ])
    assert.deepEqual(await client.call('logs.read', {...wish, after}), {lines: 0})
    for (const [more, reason] of [
      [{since: 'noon'}, /params\/since: expected a time with its zone, like .*, found 'noon'/],
      [{since: '2026-01-31T12:00:00'}, /params\/since: expected a time with its zone, .*, found '2026-01-31T12:00:00'/],
      [{until: '2026-13-01T00:00:00Z'}, /params\/until: expected a time with its zone/],
      [{since: '2026-01-02T00:00:00Z', until: '2026-01-01T00:00:00Z'}, /it is before since/],
      [{until: '2026-01-01T00:00:00Z', follow: true}, /cannot stand beside follow/],
      [{grep: 'a(b'}, /params\/grep: .*missing closing/],
      [{after: [{service: 'api'}]}, /params\/after\/0/],
    ] as const) {
      await assert.rejects(
        client.call('logs.read', {...wish, ...(more as object)}),
        (error: Error & {code?: string}) => {
          assert.equal(error.code, 'REQUEST_INVALID')
          assert.match(error.message, reason)
          return true
        },
      )
    }
  })

  it('reads no further for a client that takes nothing, and goes on where it was', async () => {
    await using it = await daemon()
    const line = 'x'.repeat(1000)
    await it.bench.load(file([sh('api', `i=0; while [ $i -lt 2000 ]; do echo ${line}; i=$((i+1)); done`)]))
    const client = await it.client()
    await client.call('service.start', {...ask, requestId: 'r'})
    let sent = 0
    let waiting = 0
    let wake: () => void = () => undefined
    const call = {
      signal: new AbortController().signal,
      connection: {
        closed: new AbortController().signal,
        get bufferedBytes() {
          return waiting
        },
        drained: () => new Promise<void>((resolve) => (wake = resolve)),
      },
      notify(_method: string, {lines}: {lines: readonly LogLine[]}) {
        sent += lines.length
        waiting += lines.length * 1000
      },
    } as unknown as Call
    const wish = {stack: 'demo', services: [], tail: null, attempts: 'all', follow: false} as const
    const reading = Promise.resolve(logMethods(it.context)['logs.read'](wish, call))
    await eventually(() => waiting > 256 * 1024)
    const held = sent
    for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    assert.equal(sent, held)
    assert.ok(held < 600, `${held} lines were sent to a client that takes none`)
    while (sent < 2000) {
      waiting = 0
      wake()
      await new Promise((resolve) => setImmediate(resolve))
    }
    assert.deepEqual(await reading, {lines: 2000})
  })
})

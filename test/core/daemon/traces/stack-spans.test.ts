import assert from 'node:assert/strict'
import {SpanKind, SpanStatusCode} from '@opentelemetry/api'
import {BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor} from '@opentelemetry/sdk-trace-base'
import {describe, it} from 'mocha'
import {HarnessError} from '../../../../src/core/base/errors.js'
import {isoTime} from '../../../../src/core/base/clock.js'
import type {ServiceStatus, TaskStatus} from '../../../../src/core/contract/status.js'
import {StackSpans} from '../../../../src/core/daemon/traces/stack-spans.js'
import type {MethodName} from '../../../../src/core/protocol/methods.js'
import type {EventBody, PlannedStep, Progress} from '../../../../src/core/protocol/notifications.js'
import type {LifecycleEvent} from '../../../../src/core/service/lifecycle.js'
import type {Call} from '../../../../src/core/transport/connection.js'
import {FakeClock} from '../../../../src/testing/fake-clock.js'

const stack = 'shop-1'
const exit = (code: number | null, signal: string | null = null): ServiceStatus['exit'] => ({
  code,
  signal,
  at: isoTime(0),
})

/** Spans of a stack whose events a test makes up; each comes a second after the one before. */
function bench() {
  const exporter = new InMemorySpanExporter()
  const provider = new BasicTracerProvider({spanProcessors: [new SimpleSpanProcessor(exporter)]})
  const clock = new FakeClock(1_700_000_000_000)
  const began = clock.now()
  const spans = new StackSpans({
    tracer: provider.getTracer('test'),
    clock,
    redact: (text) => text.replaceAll('hidden', '***'),
    names: {
      find: (reference) => (reference === 'shop' || reference === stack ? {id: stack, name: 'shop'} : undefined),
      executor: (_stack, service) => (service === 'gone' ? undefined : 'process'),
      replicas: (_stack, service) => [`${service}-1`, `${service}-2`],
    },
  })
  let seq = 0
  const happened = async (event: EventBody): Promise<void> => {
    await clock.advance(1000)
    spans.happened({seq: (seq += 1), time: isoTime(clock.now()), ...event})
  }
  return {
    spans,
    clock,
    move: (service: string, event: LifecycleEvent, status: Partial<ServiceStatus> = {}) =>
      happened({
        topic: 'service.state',
        stack,
        service,
        from: '',
        to: '',
        event,
        status: {...quiet, name: service, ...status},
      }),
    task: (task: string, state: TaskStatus['state'], status: Partial<TaskStatus> = {}) =>
      happened({topic: 'task.state', stack, task, status: {...idle, name: task, state, ...status}}),
    unregister: (service: string) => happened({topic: 'service.unregistered', stack, service}),
    /** Asks for something; `work` is what is done for it. */
    ask: async (method: MethodName, params: object, work: (call: Call) => unknown): Promise<unknown> =>
      await spans.requests.answer(
        (_method, _params, call) => work(call),
        method,
        {stack: 'shop', ...params},
        silentCall,
      ),
    /** What has ended: `name(parent) outcome`, with the seconds of its beginning and end, its events and its words. */
    ended: () => {
      const all = exporter.getFinishedSpans()
      const nameOf = (id: string | undefined): string =>
        all.find((span) => span.spanContext().spanId === id)?.name ?? '-'
      const second = ([seconds]: readonly [number, number]): number => seconds - began / 1000
      return all.map((span) => {
        const {attributes, status, links} = span
        const of = attributes['harness.service'] ?? attributes['harness.task'] ?? ''
        return [
          `${span.name} ${String(of)} < ${nameOf(span.parentSpanContext?.spanId)}`,
          `${second(span.startTime)}-${second(span.endTime)} ${String(attributes['harness.outcome'])}`,
          ...span.events.map(({name}) => name),
          ...links.map(({context}) => `after ${nameOf(context.spanId)}`),
          ...(status.code === SpanStatusCode.ERROR
            ? [`${String(attributes['error.type'])}: ${status.message ?? ''}`]
            : []),
        ].join(' | ')
      })
    },
    exported: () => exporter.getFinishedSpans(),
  }
}

const quiet: ServiceStatus = {
  ...{name: '', state: 'Starting', health: null, desired: 'up', attempt: 1, restarts: 0, pid: null, container: null},
  ...{
    host: null,
    endpoints: [],
    since: isoTime(0),
    uptimeMs: null,
    exit: null,
    reason: null,
    blockedBy: null,
    waitsFor: [],
  },
  ...{overdue: false, backoffUntil: null, reachability: 'known', outputs: {}, orphan: false},
}
const idle: TaskStatus = {
  ...{
    name: '',
    state: 'Pending',
    outputs: null,
    reason: null,
    since: isoTime(0),
    exit: null,
    waitsFor: [],
    nextRunAt: null,
  },
}

const silentCall: Call = {
  id: 1,
  connection: {
    ...{id: '1', via: 'memory', client: undefined, closed: new AbortController().signal, bufferedBytes: 0},
    notify: () => undefined,
    drained: () => Promise.resolve(),
    close: () => undefined,
  },
  signal: new AbortController().signal,
  channel: undefined,
  progress: () => undefined,
  notify: () => undefined,
}

const step = (name: string, action: PlannedStep['action'] = 'start'): PlannedStep => ({
  ...{kind: action === 'run' ? 'task' : 'service', name, action, cause: 'asked for', after: []},
})

describe('the spans of services', () => {
  it('last from the launch until it is ready, its setup included', async () => {
    const it = bench()
    await it.move('api', 'start')
    await it.move('api', 'readyNeedsSetup')
    await it.move('api', 'setupBegin')
    await it.move('api', 'setupDone')
    await it.move('api', 'released')
    await it.move('db', 'start', {attempt: 4})
    await it.move('db', 'ready', {attempt: 4})
    assert.deepEqual(it.ended(), [
      'service.start api < - | 1-5 ready | ready | setup begins | set up',
      'service.start db < - | 6-7 ready | ready',
    ])
    assert.deepEqual(it.exported()[1]?.attributes, {
      'harness.stack': stack,
      'harness.stack.name': 'shop',
      'harness.service': 'db',
      'harness.executor': 'process',
      'harness.attempt': 4,
      'harness.outcome': 'ready',
    })
  })

  it('are errors with the reason, without secrets, where a start fails', async () => {
    const it = bench()
    await it.move('api', 'start')
    await it.move('api', 'exitedFinal', {reason: 'exited with 3: hidden', exit: exit(3)})
    await it.move('db', 'start')
    await it.move('db', 'timeout', {reason: 'x'.repeat(5000)})
    assert.deepEqual(it.ended(), [
      'service.start api < - | 1-2 failed | exitedFinal: exited with 3: ***',
      `service.start db < - | 3-4 failed | timeout: ${'x'.repeat(1000)}`,
    ])
    assert.equal(it.exported()[0]?.attributes['process.exit.code'], 3)
  })

  it('tell a restart from the end of the program until it is ready again, after the start before', async () => {
    const it = bench()
    await it.move('api', 'start')
    await it.move('api', 'ready')
    await it.move('api', 'exitedRetry', {reason: 'killed', exit: exit(137, 'SIGKILL')})
    await it.move('api', 'relaunch', {attempt: 2})
    await it.move('api', 'exitedRetry', {attempt: 2, reason: 'exited with 1', exit: exit(1)})
    await it.move('api', 'relaunch', {attempt: 3})
    await it.move('api', 'ready', {attempt: 3})
    assert.deepEqual(it.ended(), [
      'service.start api < - | 1-2 ready | ready',
      'service.restart api < - | 3-5 failed | relaunch | after service.start | exitedRetry: exited with 1',
      'service.restart api < - | 5-7 ready | relaunch | ready | after service.start',
    ])
    const [, first] = it.exported()
    const {
      'harness.reason': reason,
      'harness.exit.signal': signal,
      'harness.attempt': attempt,
    } = first?.attributes ?? {}
    assert.deepEqual([reason, signal, attempt], ['killed', 'SIGKILL', 2])
  })

  it('go on where an earlier daemon saw the beginning, and link to nothing that is forgotten', async () => {
    const it = bench()
    await it.move('api', 'relaunch', {attempt: 7})
    await it.move('api', 'ready', {attempt: 7})
    await it.unregister('api')
    await it.move('api', 'exitedRetry')
    await it.move('api', 'giveUp', {reason: 'too often'})
    await it.move('api', 'unhealthy')
    await it.move('gone', 'exitedFinal')
    assert.deepEqual(it.ended(), [
      'service.restart api < - | 1-2 ready | relaunch | ready',
      'service.restart api < - | 4-5 failed | giveUp: too often',
    ])
  })

  it('end a start that a stop takes back, and tell the stop', async () => {
    const it = bench()
    await it.move('api', 'start')
    await it.move('api', 'stop')
    await it.move('api', 'stopped')
    await it.move('db', 'stop')
    await it.move('db', 'stopFailed', {reason: 'it does not end'})
    await it.move('once', 'start')
    await it.move('once', 'exitedDone', {exit: exit(0)})
    assert.deepEqual(it.ended(), [
      'service.start api < - | 1-2 cancelled',
      'service.stop api < - | 2-3 stopped',
      'service.stop db < - | 4-5 failed | stopFailed: it does not end',
      'service.start once < - | 6-7 done',
    ])
  })

  it('that are open are interrupted with the end of the daemon', async () => {
    const it = bench()
    await it.move('api', 'start')
    await it.task('seed', 'Running')
    void it.ask('service.start', {}, () => new Promise(() => undefined))
    await it.clock.advance(1000)
    it.spans.interrupt()
    assert.deepEqual(it.ended(), [
      'service.start api < - | 1-3 interrupted',
      'task.run seed < - | 2-3 interrupted',
      'stack.start  < - | 2-3 interrupted',
    ])
  })
})

describe('the spans of tasks', () => {
  it('last from the first try to the end; what is complete has none', async () => {
    const it = bench()
    await it.task('seed', 'Running')
    await it.task('seed', 'Running', {reason: 'try 2 of 3 in 1 s'})
    await it.task('seed', 'Succeeded', {exit: exit(0)})
    await it.task('done', 'Skipped')
    await it.task('late', 'Running')
    await it.task('late', 'Failed', {reason: 'it said hidden', exit: exit(2)})
    await it.task('early', 'Failed', {reason: 'no such type'})
    assert.deepEqual(it.ended(), [
      'task.run seed < - | 1-3 succeeded | retry',
      'task.run late < - | 5-6 failed | Failed: it said ***',
      'task.run early < - | 7-7 failed | Failed: no such type',
    ])
    assert.equal(it.exported()[1]?.attributes['process.exit.code'], 2)
  })
})

describe('the spans of requests', () => {
  it('are the parents of what their plan touches while they last', async () => {
    const it = bench()
    const said: Progress[] = []
    const call = {...silentCall, progress: (payload: object) => void said.push({id: 1, ...payload} as Progress)}
    const work = async (given: Call) => {
      given.progress({plan: [step('api'), step('seed', 'run'), step('db', 'keep')]})
      await it.move('api', 'start')
      await it.task('seed', 'Running')
      await it.move('db', 'exitedRetry')
      await it.task('seed', 'Succeeded')
      await it.move('api', 'ready')
      return {failed: [], blocked: []}
    }
    await it.spans.requests.answer(
      (_method, _params, given) => work(given),
      'service.start',
      {stack: 'shop', services: []},
      call,
    )
    await it.move('db', 'relaunch')
    await it.move('db', 'ready')
    await it.move('api', 'exitedRetry')
    await it.move('api', 'giveUp')
    assert.equal(said.length, 1)
    assert.deepEqual(it.ended(), [
      'task.run seed < stack.start | 2-4 succeeded',
      'service.start api < stack.start | 1-5 ready | ready',
      'stack.start  < - | 0-5 done',
      'service.restart db < - | 3-7 ready | relaunch | ready',
      'service.restart api < - | 8-9 failed | after service.start | giveUp: ',
    ])
    const request = it.exported()[2]
    assert.equal(request?.kind, SpanKind.SERVER)
    assert.deepEqual(request.attributes, {
      'rpc.method': 'service.start',
      'harness.stack': stack,
      'harness.stack.name': 'shop',
      'harness.outcome': 'done',
    })
  })

  it('of two that are about one service, the newer has it, and after that the other', async () => {
    const it = bench()
    const claim = (call: Call): void => {
      call.progress({plan: [step('api')]})
    }
    await it.ask('service.start', {}, async (outer) => {
      claim(outer)
      await it.ask('service.stop', {services: ['api']}, async (inner) => {
        claim(inner)
        await it.move('api', 'stop')
        await it.move('api', 'stopped')
      })
      await it.move('api', 'start')
      await it.move('api', 'ready')
    })
    assert.deepEqual(
      it.ended().map((line) => line.split(' | ')[0]),
      ['service.stop api < stack.stop', 'stack.stop  < -', 'service.start api < stack.start', 'stack.start  < -'],
    )
  })

  it('have the replicas that a change of their number stops', async () => {
    const it = bench()
    await it.ask('service.scale', {service: 'api', replicas: 1}, async () => {
      await it.move('api-2', 'stop')
      await it.move('api-2', 'stopped')
    })
    assert.deepEqual(it.ended(), ['service.stop api-2 < stack.scale | 1-2 stopped', 'stack.scale api < - | 0-2 done'])
  })

  it('are errors when they are refused, and when something in them failed', async () => {
    const it = bench()
    const refuse = () =>
      Promise.reject(new HarnessError('ACTION_FAILED', {subject: 'api mine', reason: 'no hidden gas'}))
    const input = {service: 'api', action: 'mine', input: {password: 'hunter2'}}
    await assert.rejects(it.ask('action.invoke', input, refuse), {code: 'ACTION_FAILED'})
    const mistake = (): never => {
      throw new TypeError('oh')
    }
    await assert.rejects(it.ask('service.stop', {stack: 'nobody'}, mistake), TypeError)
    const failure = {kind: 'service', name: 'db', code: 'SERVICE_EXITED'}
    await it.ask('service.start', {env: {PASSWORD: 'hunter2'}}, () => ({failed: [failure], blocked: [{name: 'api'}]}))
    await it.ask('task.run', {task: 'seed'}, () => ({failure: {name: 'seed', code: 'TASK_FAILED'}}))
    assert.deepEqual(it.ended(), [
      "action.invoke api < - | 0-0 failed | ACTION_FAILED: Action 'api mine' failed: no *** gas.",
      'stack.stop  < - | 0-0 failed | INTERNAL: oh',
      'stack.start  < - | 0-0 failed | SERVICE_EXITED: db failed, api is blocked',
      'stack.task seed < - | 0-0 failed | TASK_FAILED: seed failed',
    ])
    assert.ok(!JSON.stringify(it.exported().map(({attributes}) => attributes)).includes('hunter2'))
  })

  it('are part of the trace that the environment of the caller names', async () => {
    const it = bench()
    const start = (traceparent: string) => it.ask('service.start', {env: {TRACEPARENT: traceparent}}, () => undefined)
    await start('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01')
    await start('00-00000000000000000000000000000000-b7ad6b7169203331-01')
    await start('nonsense')
    const parents = it.exported().map(({parentSpanContext}) => parentSpanContext?.traceId)
    assert.deepEqual(parents, ['0af7651916cd43dd8448eb211c80319c', undefined, undefined])
  })

  it('are none for what only looks', async () => {
    const it = bench()
    assert.equal(await it.ask('service.status', {}, () => 'answer'), 'answer')
    assert.deepEqual(it.ended(), [])
  })
})

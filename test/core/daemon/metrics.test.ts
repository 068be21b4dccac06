import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import {DaemonMetrics} from '../../../src/core/daemon/metrics/daemon-metrics.js'
import {sampleStacks} from '../../../src/core/daemon/metrics/service-samples.js'
import {eventually} from '../process/temporary.js'
import {callerEnv, kill} from '../service/workbench.js'
import {file, forever, sh, start, states, task, workbench} from '../stack/workbench.js'
import {daemon} from './memory-daemon.js'

/** The samples of one metric: `{labels}` as they are written, with their values. */
function samplesOf(text: string, metric: string): Readonly<Record<string, number>> {
  const lines = text.split('\n').filter((line) => line.startsWith(`${metric}{`) || line.startsWith(`${metric} `))
  return Object.fromEntries(
    lines.map((line) => [line.slice(metric.length, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  )
}

const always = 'restart: {policy: always, delay: 1ms, max_delay: 1ms, max_attempts: 100}'
const check = "health_check: {command: 'true', args: [], interval: 20ms}"

describe('the metrics of a daemon', () => {
  it('say how services and tasks stand, how often they were restarted, and how much they print', async () => {
    await using bench = await workbench()
    const metrics = new DaemonMetrics({
      version: '1.2.3',
      stacks: () => bench.stacks.all(),
      clients: () => 3,
      isWritable: () => true,
    })
    bench.forward = (event) => {
      metrics.tally.happened(event)
    }
    const stack = await bench.load(
      file([sh('api', `echo hello; ${forever}`, always), sh('off', 'exit 0')], [task('seed', 'true')]),
    )
    await start(stack)
    kill(stack.status(['api']).services[0]?.pid ?? 0)
    await eventually(() => stack.status(['api']).services[0]?.attempt === 2 && states(stack).startsWith('api=Running'))
    await eventually(async () => (await stack.logBytes()).get('api') === 6)
    const used = process.cpuUsage()
    const {text, contentType} = await metrics.read()
    assert.match(contentType, /^text\/plain; version=0\.0\.4/)
    const of = (metric: string) => samplesOf(text, metric)
    const {id} = stack
    assert.deepEqual(of('harness_services'), {
      [`{stack="${id}",state="Running"}`]: 1,
      [`{stack="${id}",state="Stopped"}`]: 1,
    })
    assert.deepEqual(of('harness_tasks'), {[`{stack="${id}",state="Pending"}`]: 1})
    assert.deepEqual(of('harness_service_restarts_total'), {[`{stack="${id}",service="api"}`]: 1})
    assert.deepEqual(of('harness_service_log_bytes'), {
      [`{stack="${id}",service="api"}`]: 6,
      [`{stack="${id}",service="off"}`]: 0,
    })
    const uptime = of('harness_service_uptime_seconds')
    assert.deepEqual(Object.keys(uptime), [`{stack="${id}",service="api"}`])
    assert.ok((Object.values(uptime)[0] ?? -1) >= 0)
    assert.deepEqual([of('harness_clients'), of('harness_info')], [{'': 3}, {'{version="1.2.3"}': 1}])
    for (const own of [
      'process_cpu_seconds_total',
      'process_resident_memory_bytes',
      'nodejs_eventloop_lag_p99_seconds',
    ])
      assert.equal(Object.keys(of(own)).length, 1, own)
    const counted = ['process_cpu_user_seconds_total', 'process_cpu_system_seconds_total', 'process_cpu_seconds_total']
    const before = [used.user, used.system, used.user + used.system]
    for (const [index, name] of counted.entries()) {
      assert.ok((of(name)[''] ?? 0) >= (before[index] ?? 0) / 1e6, `${name} counts from the start of the process`)
    }
  })

  it('count how long checks take, from the first reading on', async () => {
    await using it = await daemon()
    const {metrics} = it.context
    const before = await metrics.read()
    assert.deepEqual(samplesOf(before.text, 'harness_health_check_duration_seconds_count'), {})
    metrics.onAnswered({kind: 'health_check', ok: true, durationMs: 20})
    metrics.onAnswered({kind: 'health_check', ok: true, durationMs: 40})
    metrics.onAnswered({kind: 'liveness', ok: false, durationMs: 6000})
    const {text} = await metrics.read()
    assert.deepEqual(samplesOf(text, 'harness_health_check_duration_seconds_count'), {
      '{kind="health_check",outcome="ok"}': 2,
      '{kind="liveness",outcome="failing"}': 1,
    })
    const {'{le="0.025",kind="health_check",outcome="ok"}': fast} = samplesOf(
      text,
      'harness_health_check_duration_seconds_bucket',
    )
    assert.equal(fast, 1)
  })

  it('hear of every check of every service', async () => {
    await using bench = await workbench()
    const stack = await bench.load(file([sh('api', forever, check)]))
    await start(stack)
    await eventually(() => bench.answered.length > 2)
    assert.ok(bench.answered.every(({kind, ok}) => kind === 'health_check' && ok))
  })

  it('count requests by how they ended, with a bounded number of names', async () => {
    await using it = await daemon()
    const client = await it.client()
    await client.call('stack.list', {})
    await client.call('stack.list', {})
    await assert.rejects(client.call('service.status', {stack: 'nobody', services: []}))
    await assert.rejects(client.call('no.such' as 'stack.list', {}))
    const {text} = await client.call('daemon.metrics', {})
    assert.deepEqual(samplesOf(text, 'harness_requests_total'), {
      '{method="initialize",outcome="ok"}': 1,
      '{method="stack.list",outcome="ok"}': 2,
      '{method="service.status",outcome="STACK_UNKNOWN"}': 1,
      '{method="unknown",outcome="METHOD_UNKNOWN"}': 1,
    })
  })

  it('give only so many services series of their own', async () => {
    await using bench = await workbench()
    const stack = await bench.load(file(['a', 'b', 'c', 'd'].map((name) => sh(name, forever))))
    await stack.start({services: ['a', 'd'], env: callerEnv, restart: false})
    const {services} = await sampleStacks(bench.stacks.all(), 2)
    assert.deepEqual(
      services.map(({service, status}) => [service, status.name]),
      [
        ['a', 'a'],
        ['b', 'b'],
        ['other', 'c'],
        ['other', 'd'],
      ],
    )
  })
})

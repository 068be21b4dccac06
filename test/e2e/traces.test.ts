import assert from 'node:assert/strict'
import {mkdir, readdir, readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'mocha'
import {systemClock} from '../../src/core/base/clock.js'
import {statePaths} from '../../src/core/base/state-directory.js'
import {BaseDaemon} from '../../src/core/daemon/base-daemon.js'
import {chainPlugin} from '../support/chain-plugin.js'
import {isAlive, Sandbox, until} from '../support/harness.js'
import {OtlpReceiver, type ReceivedSpan} from '../support/otlp-receiver.js'
import {freePort} from '../support/free-port.js'

const shop = `
name: shop
services:
  db: {type: process, binary: sleep, args: ['1000']}
  api:
    type: process
    binary: sh
    args: [-c, 'test -e stay || exit 3; exec sleep 1000']
    env: {PASSWORD: 'what nobody may see'}
    dependencies: [db, {task: seed}]
    restart: {policy: on-failure, delay: 50ms, max_delay: 50ms, max_attempts: 100}
  broken: {type: process, binary: /no/such/program}
tasks:
  seed:
    task_type: command
    target: {type: process, binary: sh, args: [-c, 'exit 0']}
    dependencies: [db]
`

const tokenHeader = 'authorization=Bearer%20abcdef-123456,x-tenant=shop'

/** What a command and the daemon that it starts are told of a collector. */
function variablesFor({address}: Pick<OtlpReceiver, 'address'>): Readonly<Record<string, string>> {
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: address,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_EXPORTER_OTLP_HEADERS: tokenHeader,
    OTEL_BSP_SCHEDULE_DELAY: '50',
  }
}

/** The span of this name that has these attributes. */
function spanOf(
  spans: readonly ReceivedSpan[],
  name: string,
  wanted: Readonly<Record<string, unknown>> = {},
): ReceivedSpan {
  const found = spans.find(
    (span) => span.name === name && Object.entries(wanted).every(([key, value]) => span.attributes[key] === value),
  )
  return found ?? assert.fail(`no ${name} with ${JSON.stringify(wanted)} in ${JSON.stringify(spans)}`)
}

const has = (spans: readonly ReceivedSpan[], name: string, key: string, value: unknown): boolean =>
  spans.some((span) => span.name === name && span.attributes[key] === value)

/** Ends the daemon with SIGTERM and answers how long that took, in milliseconds. */
async function terminate(sandbox: Sandbox): Promise<number> {
  const pid = await sandbox.daemonPid()
  const began = systemClock.monotonic()
  process.kill(pid, 'SIGTERM')
  await until(async () => !(await isAlive(pid)), 'the daemon has ended')
  return systemClock.monotonic() - began
}

const logOf = (sandbox: Sandbox): Promise<string> => readFile(statePaths(sandbox.state).log, 'utf8')

describe('the spans of a daemon', function () {
  this.timeout(60_000)

  it('tell a collector of a start, of what failed in it, of a restart and of a stop', async () => {
    await using sandbox = await Sandbox.make()
    await using receiver = await OtlpReceiver.make()
    const caller = {traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331'}
    sandbox.variables = {...variablesFor(receiver), OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test'}
    await sandbox.write(shop)
    await writeFile(path.join(sandbox.folder, 'stay'), '')
    sandbox.variables['TRACEPARENT'] = `00-${caller.traceId}-${caller.spanId}-01`
    assert.equal((await sandbox.run('start')).code, 4)
    const spans = (): readonly ReceivedSpan[] => receiver.spans
    await until(() => has(spans(), 'stack.start', 'harness.outcome', 'failed'), 'the start is told')

    const root = spanOf(spans(), 'stack.start')
    assert.deepEqual([root.traceId, root.parentSpanId], [caller.traceId, caller.spanId])
    assert.deepEqual(root.status, {code: 2, message: 'broken failed'})
    assert.equal(root.attributes['error.type'], 'SERVICE_START_FAILED')
    assert.equal(root.attributes['harness.stack.name'], 'shop')
    for (const service of ['db', 'api']) {
      const span = spanOf(spans(), 'service.start', {'harness.service': service})
      assert.deepEqual([span.traceId, span.parentSpanId], [root.traceId, root.spanId])
      assert.deepEqual(span.events, ['ready'])
      assert.equal(span.status.code, 0)
      const {'harness.executor': executor, 'harness.attempt': attempt, 'harness.outcome': outcome} = span.attributes
      assert.deepEqual([executor, attempt, outcome], ['process', 1, 'ready'])
      assert.ok(root.startMs <= span.startMs && span.startMs <= span.endMs && span.endMs <= root.endMs)
    }
    const failed = spanOf(spans(), 'service.start', {'harness.service': 'broken'})
    assert.equal(failed.parentSpanId, root.spanId)
    assert.equal(failed.status.code, 2)
    assert.match(failed.status.message ?? '', /\/no\/such\/program/)
    assert.equal(failed.attributes['error.type'], 'exitedFinal')
    const task = spanOf(spans(), 'task.run', {'harness.task': 'seed'})
    assert.deepEqual([task.parentSpanId, task.attributes['harness.outcome']], [root.spanId, 'succeeded'])
    const {resource} = root
    assert.deepEqual(
      [resource['service.name'], resource['deployment.environment.name'], typeof resource['service.instance.id']],
      ['harness', 'test', 'string'],
    )

    const {services} = await sandbox.json<{services: readonly {name: string; pid: number}[]}>('status')
    process.kill(services.find(({name}) => name === 'api')?.pid ?? 0, 'SIGKILL')
    await until(() => has(spans(), 'service.restart', 'harness.outcome', 'ready'), 'the restart is told')
    const restart = spanOf(spans(), 'service.restart')
    const before = spanOf(spans(), 'service.start', {'harness.service': 'api'})
    assert.deepEqual([restart.parentSpanId, restart.links], ['', [before.spanId]])
    assert.deepEqual(restart.events, ['relaunch', 'ready'])
    assert.equal(restart.attributes['harness.attempt'], 2)
    assert.equal(restart.attributes['process.exit.code'], 137)

    assert.equal((await sandbox.run('stop')).code, 0)
    await until(() => has(spans(), 'stack.stop', 'harness.outcome', 'done'), 'the stop is told')
    const stop = spanOf(spans(), 'stack.stop')
    const stopped = spanOf(spans(), 'service.stop', {'harness.service': 'db'})
    assert.deepEqual([stopped.parentSpanId, stopped.attributes['harness.outcome']], [stop.spanId, 'stopped'])

    const [request] = receiver.requests
    assert.deepEqual([request?.url, request?.headers['authorization']], ['/v1/traces', 'Bearer abcdef-123456'])
    const told = JSON.stringify(spans())
    for (const secret of ['what nobody may see', 'exec sleep', 'abcdef-123456'])
      assert.ok(!told.includes(secret), secret)
    assert.ok(!(await logOf(sandbox)).includes('abcdef'))
  })

  it('tell of a task that fails, and of a restart by hand', async () => {
    await using sandbox = await Sandbox.make()
    await using receiver = await OtlpReceiver.make()
    sandbox.variables = variablesFor(receiver)
    await sandbox.write(
      [
        'name: shop',
        "services: {db: {type: process, binary: sleep, args: ['1000']}}",
        'tasks:',
        '  bad:',
        '    task_type: command',
        "    target: {type: process, binary: sh, args: [-c, 'exit 7']}",
        '',
      ].join('\n'),
    )
    assert.equal((await sandbox.run('start')).code, 0)
    assert.notEqual((await sandbox.run('task', 'run', 'bad')).code, 0)
    assert.equal((await sandbox.run('restart', 'db')).code, 0)
    const spans = (): readonly ReceivedSpan[] => receiver.spans
    await until(() => has(spans(), 'stack.restart', 'harness.outcome', 'done'), 'the restart is told')
    const request = spanOf(spans(), 'stack.task')
    const task = spanOf(spans(), 'task.run')
    assert.deepEqual([request.status.code, request.status.message], [2, 'bad failed'])
    assert.equal(task.parentSpanId, request.spanId)
    assert.equal(task.status.code, 2)
    assert.equal(task.attributes['process.exit.code'], 7)
    const restart = spanOf(spans(), 'service.restart')
    assert.equal(restart.parentSpanId, spanOf(spans(), 'stack.restart').spanId)
    assert.deepEqual([restart.attributes['harness.reason'], restart.events], ['asked for', ['relaunch', 'ready']])
  })

  it('tell of actions, and go out with the end of the daemon', async () => {
    await using sandbox = await Sandbox.make()
    await using receiver = await OtlpReceiver.make()
    const core = {name: '@service-harness/cli', version: '0.0.0', kind: 'core', api: '^1.0'} as const
    using _variables = withVariables({...variablesFor(receiver), OTEL_BSP_SCHEDULE_DELAY: '3600000'})
    const daemon = await BaseDaemon.builder()
      .withStateDirectory(sandbox.state)
      .withPlugins([{...core, load: () => import('../../src/hooks/register.js')}, chainPlugin])
      .withTraces()
      .build()
    await using _daemon = daemon
    await sandbox.write('services: {chain: {service_type: chain, ports: {rpc: 0}}}\n')
    assert.equal((await sandbox.run('start')).code, 0)
    assert.equal((await sandbox.run('action', 'run', 'chain', 'mine', '-p', 'blocks=2', '-p', 'label=quiet')).code, 0)
    assert.equal((await sandbox.run('action', 'run', 'chain', 'fail')).code, 4)
    assert.equal((await sandbox.run('stop')).code, 0)
    assert.deepEqual(receiver.requests, [])
    await daemon.shutdown({stopServices: false})
    const {spans} = receiver
    const of = (span: ReceivedSpan): readonly unknown[] => [span.attributes['harness.service'], span.status]
    assert.deepEqual(of(spanOf(spans, 'action.invoke', {'harness.action': 'mine'})), ['chain', {code: 0}])
    const failed = spanOf(spans, 'action.invoke', {'harness.action': 'fail'})
    assert.deepEqual(of(failed), ['chain', {code: 2, message: "Action 'chain fail' failed: no gas."}])
    assert.equal(failed.attributes['error.type'], 'ACTION_FAILED')
    assert.ok(!JSON.stringify(spans).includes('quiet'))
  })

  it('go to a collector that takes protobuf unless another protocol is set', async () => {
    await using sandbox = await Sandbox.make()
    await using receiver = await OtlpReceiver.make()
    sandbox.variables = {OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${receiver.address}/in`, OTEL_BSP_SCHEDULE_DELAY: '50'}
    await sandbox.write("services: {db: {type: process, binary: sleep, args: ['1000']}}\n")
    assert.equal((await sandbox.run('start')).code, 0)
    await until(() => receiver.requests.length > 0, 'spans have come')
    const {url, headers, body} = receiver.requests[0] ?? assert.fail()
    assert.deepEqual([url, headers['content-type']], ['/in', 'application/x-protobuf'])
    assert.ok(body.includes('service.start') || body.includes('stack.start'))
  })
})

describe('a collector of spans', function () {
  this.timeout(60_000)

  it('that does not answer holds up neither a start nor the end of the daemon', async () => {
    await using sandbox = await Sandbox.make()
    await using receiver = await OtlpReceiver.make()
    receiver.status = undefined
    sandbox.variables = variablesFor(receiver)
    await sandbox.write(shop)
    await writeFile(path.join(sandbox.folder, 'stay'), '')
    assert.equal((await sandbox.run('start')).code, 4)
    await until(() => receiver.requests.length > 0, 'it was asked')
    assert.equal((await sandbox.run('stop')).code, 0)
    const ms = await terminate(sandbox)
    assert.ok(ms < 2000, `the daemon took ${Math.round(ms)} ms`)
    assert.match(await logOf(sandbox), /the last spans were not exported/)
  })

  it('that is not there keeps the daemon from ending no longer, whatever is still to be tried again', async () => {
    await using sandbox = await Sandbox.make()
    sandbox.variables = variablesFor({address: `http://127.0.0.1:${await freePort()}`})
    await sandbox.write("services: {db: {type: process, binary: sleep, args: ['1000']}}\n")
    assert.equal((await sandbox.run('start')).code, 0)
    const ms = await terminate(sandbox)
    assert.ok(ms < 2000, `the daemon took ${Math.round(ms)} ms`)
  })

  it('that is not there is told once, holds nothing up, and gets what comes once it is back', async () => {
    await using sandbox = await Sandbox.make()
    const port = await freePort()
    const variables = variablesFor({address: `http://127.0.0.1:${port}`})
    sandbox.variables = {...variables, OTEL_EXPORTER_OTLP_TIMEOUT: '100'}
    await sandbox.write("services: {db: {type: process, binary: sleep, args: ['1000']}}\n")
    const told = async (text: string): Promise<number> => (await logOf(sandbox)).split(text).length - 1
    for (const _round of [1, 2, 3]) {
      assert.equal((await sandbox.run('start')).code, 0)
      await until(async () => (await told('spans could not be exported')) > 0, 'the outage is told')
      assert.equal((await sandbox.run('stop')).code, 0)
    }
    assert.equal(await told('spans could not be exported'), 1)
    assert.match(await logOf(sandbox), new RegExp(`"collector":"http://127.0.0.1:${port}","error":"[^"]*ECONNREFUSED`))
    await using _receiver = await OtlpReceiver.make(port)
    assert.equal((await sandbox.run('start')).code, 0)
    await until(async () => (await told('spans are exported again')) === 1, 'that it is back is told')
    assert.ok((await terminate(sandbox)) < 2000)
  })

  it('that speaks another protocol is told in one line with what to do', async () => {
    await using sandbox = await Sandbox.make()
    sandbox.variables = {OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4317', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc'}
    assert.equal((await sandbox.run('daemon', 'start')).code, 0)
    const lines = (await logOf(sandbox)).split('\n').filter((line) => line.includes('spans'))
    assert.equal(lines.length, 1)
    assert.match(
      lines[0] ?? '',
      /OTEL_EXPORTER_OTLP_PROTOCOL is grpc.*Set OTEL_EXPORTER_OTLP_PROTOCOL to http\/protobuf/,
    )
  })
})

describe('a daemon that nobody asks for spans or metrics', function () {
  this.timeout(60_000)

  it('loads neither of their libraries, and each when it is asked', async () => {
    assert.deepEqual(await loadedBy([['start'], ['stop']]), [])
    assert.ok((await loadedBy([['start'], ['daemon', 'metrics'], ['stop']])).includes('prom-client'))
    await using receiver = await OtlpReceiver.make()
    const traced = await loadedBy([['start'], ['stop']], variablesFor(receiver))
    assert.ok(traced.includes('@opentelemetry/sdk-trace-base'))
    assert.ok(!traced.includes('prom-client') && !traced.includes('@opentelemetry/exporter-trace-otlp-proto'))
  })
})

/** Which of their packages the daemon has loaded after these commands. */
async function loadedBy(
  commands: readonly (readonly string[])[],
  variables: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  await using sandbox = await Sandbox.make()
  await sandbox.write("services: {db: {type: process, binary: sleep, args: ['1000']}}\n")
  const listed = path.join(path.dirname(sandbox.state), 'loaded')
  await mkdir(listed)
  const probe = path.join(listed, 'probe.cjs')
  const list = `require('fs').writeFileSync(require('path').join(${JSON.stringify(listed)}, process.pid + '.txt'), Object.keys(require.cache).join('\\n'))`
  await writeFile(probe, `process.on('exit', () => { ${list} })\n`)
  sandbox.variables = {...variables, NODE_OPTIONS: `--require ${probe}`}
  for (const command of commands) assert.equal((await sandbox.run(...command)).code, 0, command.join(' '))
  const pid = await sandbox.daemonPid()
  await terminate(sandbox)
  assert.ok((await readdir(listed)).includes(`${pid}.txt`))
  const files = await readFile(path.join(listed, `${pid}.txt`), 'utf8')
  const packages = [...files.matchAll(/node_modules\/((?:@opentelemetry\/)?[^/\n]+)/g)].map(([, name = '']) => name)
  return [...new Set(packages)].filter((name) => name === 'prom-client' || name.startsWith('@opentelemetry/'))
}

function withVariables(variables: Readonly<Record<string, string>>): Disposable {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const)
  Object.assign(process.env, variables)
  return {
    [Symbol.dispose]() {
      for (const [name, text] of before) {
        if (text === undefined) Reflect.deleteProperty(process.env, name)
        else process.env[name] = text
      }
    },
  }
}

import assert from 'node:assert/strict'
import {writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'

import type {Probe, ProbeCheck} from '../../../src/core/contract/probe.js'
import {eventually} from '../process/temporary.js'
import {kill} from '../service/workbench.js'
import {file, forever, sh, start, states, stop, summary, workbench} from './workbench.js'

const probe = (check: ProbeCheck, more: Partial<Probe> = {}): Probe => ({
  check,
  intervalMs: 20,
  startIntervalMs: 10,
  startPeriodMs: 0,
  timeoutMs: 2000,
  successThreshold: 1,
  failureThreshold: 2,
  ...more,
})
const log = (pattern: string): ProbeCheck => ({kind: 'log', pattern})
const exists = (name: string): ProbeCheck => ({kind: 'command', program: 'test', args: ['-e', name], on: 'service'})
const two = (script: string): string => file([sh('b', script), sh('a', forever, 'dependencies: [b]')])

describe('a log check', () => {
  it('holds once the line has come, and its named groups are outputs of the service', async () => {
    await using bench = await workbench()
    const script = String.raw`echo starting; until [ -e go ]; do sleep 0.02; done; printf '\033[32mlistening on\033[0m 4711\n'; exec sleep 600`
    const stack = await bench.loadWith(two(script), {b: {healthCheck: probe(log('listening on (?<port>\\d+)$'))}})
    const starting = start(stack)
    await eventually(() => stack.status(['b']).services[0]?.health?.message.endsWith('no such line so far') === true)
    assert.equal(states(stack), 'b=Starting a=NotStarted')
    writeFileSync(path.join(bench.folder, 'go'), '')
    assert.deepEqual(summary(await starting), {started: ['b', 'a']})
    assert.deepEqual(stack.status(['b']).services[0]?.outputs, {port: '4711'})
    const after = (await bench.again()).find('demo')
    assert.deepEqual(after.status(['b']).services[0]?.outputs, {port: '4711'})
    assert.equal(states(after), 'b=Running a=Running')
  })

  it('is not met by what an earlier attempt printed', async () => {
    await using bench = await workbench()
    const stack = await bench.loadWith(two('test -e quiet || echo ready; exec sleep 600'), {
      b: {healthCheck: probe(log('^ready$')), startupTimeoutMs: 300},
    })
    assert.deepEqual(summary(await start(stack)), {started: ['b', 'a']})
    await stop(stack)
    writeFileSync(path.join(bench.folder, 'quiet'), '')
    assert.match((await start(stack)).failed[0]?.reason ?? '', /^not ready after 300 ms: log '\^ready\$': no such line/)
  })

  it('leaves what uses its outputs waiting for them when both are brought back at the same time', async () => {
    await using bench = await workbench()
    const policy = 'restart: {policy: always, delay: 50ms, max_delay: 50ms, max_attempts: 100}'
    const services = [
      sh('b', 'sleep 0.3; echo port 4711; exec sleep 600', policy),
      sh('a', 'echo $PORT >> ran; exec sleep 600', policy, 'dependencies: [b]', "env: {PORT: '${b.outputs.port}'}"),
    ]
    const stack = await bench.load(
      file(services.map((text) => text.replace(/^ {2}b:$/m, '  b:\n    health_check: {log: "port (?<port>[0-9]+)"}'))),
    )
    await start(stack)
    for (const {pid} of stack.status([]).services) kill(pid ?? 0)
    await eventually(() => stack.status(['a']).services[0]?.attempt !== 1)
    await eventually(() => states(stack) === 'b=Running a=Running')
    await eventually(() => bench.written('ran').length === 2)
    assert.deepEqual(bench.written('ran'), ['4711', '4711'])
  })

  it('that can never be met any more blocks what waits for it at once, however the service ended', async () => {
    await using bench = await workbench()
    for (const end of ['exit 0', 'exit 3']) {
      const stack = await bench.loadWith(two(`echo hello; ${end}`), {b: {healthCheck: probe(log('listening'))}})
      const outcome = await start(stack)
      assert.deepEqual(
        outcome.blocked.map(({name, by}) => `${name} by ${by}`),
        ['a by b'],
        end,
      )
      assert.equal(states(stack).endsWith('a=NotStarted'), true)
    }
  })
})

describe('combined checks', () => {
  it('hold when all of them do, or any', async () => {
    await using bench = await workbench()
    const all: ProbeCheck = {kind: 'all', checks: [exists('one'), {kind: 'any', checks: [exists('two'), log('hello')]}]}
    const stack = await bench.loadWith(two('echo hello; exec sleep 600'), {b: {healthCheck: probe(all)}})
    const starting = start(stack)
    await eventually(() => stack.status(['b']).services[0]?.health?.ok === false)
    assert.equal(states(stack), 'b=Starting a=NotStarted')
    writeFileSync(path.join(bench.folder, 'one'), '')
    assert.deepEqual(summary(await starting), {started: ['b', 'a']})
  })
})

describe('liveness', () => {
  const policy = {policy: 'no', delayMs: 10, factor: 1, maxDelayMs: 10, jitter: 0, maxAttempts: 2} as const
  const restart = {...policy, windowMs: 60_000, resetAfterMs: 60_000}

  it('restarts the service, apart from its readiness', async () => {
    await using bench = await workbench()
    const stack = await bench.loadWith(file([sh('b', 'rm -f dead; exec sleep 600')]), {
      b: {liveness: probe({kind: 'command', program: 'test', args: ['!', '-e', 'dead'], on: 'service'}), restart},
    })
    await start(stack)
    const before = stack.status(['b']).services[0]?.pid
    writeFileSync(path.join(bench.folder, 'dead'), '')
    await eventually(() => stack.status(['b']).services[0]?.attempt === 2 && states(stack) === 'b=Running')
    assert.notEqual(stack.status(['b']).services[0]?.pid, before)
    const [move] = stack.history('b').filter(({event}) => event === 'restart')
    assert.match(move?.reason ?? '', /^liveness check: command 'test' exited with code 1/)
    assert.equal(stack.status(['b']).services[0]?.restarts, 1)
  })

  it('gives up when it fails again and again, and leaves nothing', async () => {
    await using bench = await workbench()
    const stack = await bench.loadWith(file([sh('b', forever)]), {b: {liveness: probe(exists('alive')), restart}})
    const outcome = await start(stack)
    await eventually(() => states(stack) === 'b=Failed')
    assert.match(
      stack.status(['b']).services[0]?.reason ?? '',
      /^crash loop: 3 exits in 60 s, the last with liveness check/,
    )
    assert.deepEqual(await bench.left(), [])
    assert.ok(outcome.failed.length <= 1)
  })

  it('excuses failures in its start period', async () => {
    await using bench = await workbench()
    const excused = probe(exists('alive'), {startPeriodMs: 60_000})
    const stack = await bench.loadWith(file([sh('b', forever)]), {b: {liveness: excused, restart}})
    await start(stack)
    await eventually(() => stack.status(['b']).services[0]?.uptimeMs !== null)
    await new Promise((resolve) => setTimeout(resolve, 200))
    assert.equal(stack.status(['b']).services[0]?.attempt, 1)
  })
})

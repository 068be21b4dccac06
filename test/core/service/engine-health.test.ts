import assert from 'node:assert/strict'
import {setImmediate as turn} from 'node:timers/promises'
import {describe, it} from 'mocha'

import type {Probe} from '../../../src/core/contract/probe.js'
import type {ServiceState} from '../../../src/core/contract/service-state.js'
import type {EngineHealth} from '../../../src/core/contract/workload.js'
import {watchAttempt, type AttemptWatchOptions} from '../../../src/core/service/attempt-watch.js'
import {FakeClock} from '../../../src/testing/fake-clock.js'
import {never} from '../process/temporary.js'
import {shellService} from './definitions.js'
import {Changeable, scriptedExecutor, ScriptedWorkload} from '../../../src/testing/scripted-executor.js'
import {reaches, up, workbench} from './workbench.js'

const starting: EngineHealth = {state: 'starting', message: 'not yet'}
const healthy: EngineHealth = {state: 'healthy', message: 'fine'}
const unhealthy: EngineHealth = {state: 'unhealthy', message: 'no answer'}

const probe: Probe = {
  check: {kind: 'command', program: 'true', args: [], on: 'service'},
  intervalMs: 1000,
  startIntervalMs: 100,
  startPeriodMs: 0,
  timeoutMs: 500,
  successThreshold: 1,
  failureThreshold: 2,
}

/** Watches a scripted workload, and keeps what is reported of it. */
async function watched(health: EngineHealth, state: ServiceState, more: Partial<AttemptWatchOptions> = {}) {
  const clock = new FakeClock()
  const reports: string[] = []
  const own = new Changeable(health)
  const workload = new ScriptedWorkload(clock.now(), own)
  const watch = watchAttempt({
    ...{handle: workload.handle(), clock, state, healthCheck: undefined, liveness: undefined, minUptimeMs: 0},
    hostExec: () => Promise.reject(new Error('nothing runs beside the daemon')),
    onProbe: ({ok, message}) => reports.push(`${ok ? 'passes' : 'fails'}: ${message}`),
    onHealth: (change) => reports.push(change),
    ...{onDead: () => reports.push('dead'), onOutputs: () => undefined, onExit: () => reports.push('exit')},
    ...more,
  })
  await turn()
  return {clock, reports, own, watch, workload}
}

describe('the health check that a workload brings itself', () => {
  it('decides when it is ready, and not its uptime', async () => {
    const {clock, reports, own, watch} = await watched(starting, 'Starting')
    await clock.advance(60_000)
    assert.deepEqual(reports, [])
    own.set(healthy)
    assert.deepEqual(reports, ['passes: fine', 'ready'])
    watch[Symbol.dispose]()
  })

  it('is not healthy yet while it fails before the first success', async () => {
    const {reports, own, watch} = await watched(starting, 'Starting')
    own.set(unhealthy)
    own.set(healthy)
    assert.deepEqual(reports, ['fails: no answer', 'passes: fine', 'ready'])
    watch[Symbol.dispose]()
  })

  it('says once that it is unhealthy, and once that it has recovered', async () => {
    const {reports, own, watch} = await watched(healthy, 'Starting')
    own.set(unhealthy)
    own.set({...unhealthy, message: 'still none'})
    own.set(healthy)
    assert.deepEqual(
      reports.filter((report) => !report.includes(':')),
      ['ready', 'unhealthy', 'recovered'],
    )
    watch[Symbol.dispose]()
  })

  it('goes on from what was known of one that is found again', async () => {
    const cases: readonly (readonly [EngineHealth, ServiceState, readonly string[]])[] = [
      [healthy, 'Running', ['passes: fine']],
      [unhealthy, 'Running', ['fails: no answer', 'unhealthy']],
      [healthy, 'Unhealthy', ['passes: fine', 'recovered']],
      [unhealthy, 'Unhealthy', ['fails: no answer']],
      [starting, 'Running', []],
    ]
    for (const [health, state, expected] of cases) {
      const {reports, watch} = await watched(health, state)
      assert.deepEqual(reports, expected, `${health.state}, ${state}`)
      watch[Symbol.dispose]()
    }
  })

  it('is not heard where the stack file has a check', async () => {
    const {clock, reports, watch} = await watched(unhealthy, 'Starting', {healthCheck: probe})
    await clock.advance(0)
    assert.deepEqual(reports, [`passes: command 'true' exited with code 0`, 'ready'])
    watch[Symbol.dispose]()
  })

  it('is what the service answers when it is asked for its health', async () => {
    const {own, watch} = await watched(starting, 'Starting')
    const asked = async (): Promise<readonly unknown[]> => {
      const [report] = await watch.check(never)
      return [report?.kind, report?.ok, report?.message]
    }
    assert.deepEqual(await asked(), ['health_check', false, 'not yet'])
    own.set(healthy)
    assert.deepEqual(await asked(), ['health_check', true, 'fine'])
    watch[Symbol.dispose]()
  })

  it('says nothing any more once it is let go of', async () => {
    const {reports, own, watch} = await watched(starting, 'Starting')
    watch[Symbol.dispose]()
    own.set(healthy)
    assert.deepEqual([reports, own.listeners.size], [[], 0])
  })

  it('makes a service Running, Unhealthy and Running again, with its words in the status', async () => {
    const own = new Changeable(starting)
    await using bench = workbench({executor: scriptedExecutor(() => new ScriptedWorkload(Date.now(), own))})
    const api = await up(bench.supervisor(shellService('true')))
    assert.deepEqual([api.status().state, api.status().container], ['Starting', 'scripted'])
    own.set(healthy)
    await reaches(api, 'Running')
    own.set(unhealthy)
    await reaches(api, 'Unhealthy')
    const {health, attempt} = api.status()
    assert.deepEqual([health?.ok, health?.message, attempt], [false, 'no answer', 1])
    own.set(healthy)
    await reaches(api, 'Running')
    await api.stop()
    assert.equal(bench.path(), 'Starting Running Unhealthy Running Stopping Stopped')
    assert.deepEqual(bench.troubles, [])
  })
})

describe('a workload whose engine is away', () => {
  const failing = (): Promise<never> => Promise.reject(new Error('the engine does not answer'))

  it('is unknown in the status and to the registry, and what it was before once the engine is back', async () => {
    const workload = new ScriptedWorkload(Date.now())
    await using bench = workbench({executor: scriptedExecutor(() => workload)})
    const api = await up(bench.supervisor(shellService('true')))
    await reaches(api, 'Running')
    const seen = () => [api.status().state, api.status().reachability, api.check().alive]
    assert.deepEqual(seen(), ['Running', 'known', true])
    workload.reachability.set('unknown')
    assert.deepEqual(seen(), ['Running', 'unknown', null])
    workload.reachability.set('known')
    assert.deepEqual(seen(), ['Running', 'known', true])
    workload.end({by: 'code', code: 7})
    await reaches(api, 'Failed')
    assert.deepEqual([api.record.exit?.code, api.record.attempt], [7, 1])
  })

  for (const [kind, wrong] of [
    ['healthCheck', 'unhealthy'],
    ['liveness', 'dead'],
  ] as const)
    it(`fails no ${kind}; those that fail afterwards count`, async () => {
      const {clock, reports, watch, workload} = await watched(healthy, 'Running', {[kind]: probe})
      const changes = (): readonly string[] => reports.filter((report) => !report.includes(':'))
      workload.exec = failing
      workload.reachability.set('unknown')
      for (let second = 0; second < 10; second += 1) await clock.advance(1000)
      assert.deepEqual(changes(), [])
      workload.reachability.set('known')
      for (let second = 0; second < 10; second += 1) await clock.advance(1000)
      assert.deepEqual(changes(), [wrong])
      watch[Symbol.dispose]()
    })

  it('fails no check that has hung since, also once the engine is back', async () => {
    const {clock, reports, watch, workload} = await watched(healthy, 'Running', {liveness: probe})
    workload.exec = () => new Promise(() => undefined)
    await clock.advance(1000)
    workload.reachability.set('unknown')
    await clock.advance(100)
    workload.reachability.set('known')
    for (let second = 0; second < 10; second += 1) await clock.advance(1000)
    watch[Symbol.dispose]()
    assert.deepEqual(reports, ['passes: fine'])
  })
})

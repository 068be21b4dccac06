import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import type {Probe} from '../../../src/core/contract/probe.js'
import {type HealthMonitorOptions, monitorHealth} from '../../../src/core/health/monitor.js'
import {FakeClock} from '../../../src/testing/fake-clock.js'

const probe: Probe = {
  check: {kind: 'tcp', host: '127.0.0.1', port: 5432},
  intervalMs: 10_000,
  startIntervalMs: 100,
  startPeriodMs: 30_000,
  timeoutMs: 5000,
  successThreshold: 1,
  failureThreshold: 3,
}

/** A monitor on a fake clock whose probe answers what `healthy` says, and what it reported, each with its time. */
function watched(options: Partial<HealthMonitorOptions> = {}, timing: Partial<Probe> = {}) {
  const clock = new FakeClock()
  const world = {healthy: false, clock, results: [] as string[], changes: [] as string[], asked: [] as number[]}
  const monitor = monitorHealth(
    {...probe, ...timing},
    {
      clock,
      random: () => 1,
      run: () => {
        world.asked.push(clock.monotonic())
        return Promise.resolve({ok: world.healthy, message: world.healthy ? 'fine' : 'down'})
      },
      onResult: (result) => world.results.push(`${clock.monotonic()} ${result.message}`),
      onChange: (change) => world.changes.push(`${clock.monotonic()} ${change}`),
      ...options,
    },
  )
  return {world, monitor, clock}
}

describe('health monitor', () => {
  it('asks at once, then fast until ready, then slowly', async () => {
    const {world, monitor, clock} = watched()
    await clock.advance(250)
    world.healthy = true
    await clock.advance(20_100)
    monitor[Symbol.dispose]()
    assert.deepEqual(world.asked, [0, 100, 200, 300, 10_300, 20_300])
    assert.deepEqual(world.changes, ['300 ready'])
  })

  it('says unhealthy after the failures in a row, and recovered after', async () => {
    const {world, monitor, clock} = watched()
    world.healthy = true
    await clock.advance(0)
    world.healthy = false
    await clock.advance(30_000)
    world.healthy = true
    await clock.advance(10_000)
    monitor[Symbol.dispose]()
    assert.deepEqual(world.changes, ['0 ready', '30000 unhealthy', '40000 recovered'])
  })

  it('reports each result before the change that it makes', async () => {
    const order: string[] = []
    const {world, monitor, clock} = watched({
      onResult: () => order.push('result'),
      onChange: (change) => order.push(change),
    })
    world.healthy = true
    await clock.advance(0)
    monitor[Symbol.dispose]()
    assert.deepEqual(order, ['result', 'ready'])
  })

  it('takes a service that was found again as healthy, and asks it within a second', async () => {
    const {world, monitor, clock} = watched({phase: 'healthy', random: () => 0.25})
    await clock.advance(22_500)
    monitor[Symbol.dispose]()
    assert.deepEqual(world.asked, [1000, 11_000, 21_000])
    assert.deepEqual(world.changes, ['21000 unhealthy'])
  })

  it('spreads many services over the interval', async () => {
    const clock = new FakeClock()
    const asked: number[] = []
    const monitors = Array.from({length: 200}, () =>
      monitorHealth(
        {...probe, intervalMs: 1000},
        {
          clock,
          phase: 'healthy',
          run: () => {
            asked.push(clock.monotonic())
            return Promise.resolve({ok: true, message: 'fine'})
          },
          onResult: () => undefined,
          onChange: () => undefined,
        },
      ),
    )
    await clock.advance(1000)
    for (const monitor of monitors) monitor[Symbol.dispose]()
    const tenths = new Set(asked.map((at) => Math.floor(at / 100)))
    assert.equal(asked.length, 200)
    assert.ok(tenths.size >= 8, `asked in ${tenths.size} of 10 tenths of the interval`)
  })

  it('aborts a probe that takes too long and says so', async () => {
    const signals: AbortSignal[] = []
    const {world, monitor, clock} = watched({
      run: (signal) => {
        signals.push(signal)
        return new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            reject(new Error('killed'))
          })
        })
      },
    })
    await clock.advance(5000)
    assert.deepEqual(world.results, ['5000 tcp 127.0.0.1:5432: no answer within 5.0 s'])
    assert.equal(signals[0]?.aborted, true)
    await clock.advance(100)
    assert.equal(signals.length, 2)
    monitor[Symbol.dispose]()
  })

  it('never asks while the last probe still runs, not even past its time limit', async () => {
    let release = (): void => undefined
    let asked = 0
    const {world, monitor, clock} = watched({
      run: () => {
        asked += 1
        return new Promise((resolve) => {
          release = () => {
            resolve({ok: true, message: 'late'})
          }
        })
      },
    })
    await clock.advance(5100)
    assert.equal(asked, 1)
    assert.equal(world.results.at(-1), '5100 tcp 127.0.0.1:5432: the probe before this one has not ended yet')
    release()
    await clock.advance(100)
    assert.equal(asked, 2)
    assert.deepEqual(world.changes, [])
    monitor[Symbol.dispose]()
  })

  it('takes a probe that throws as a failure', async () => {
    const {world, monitor, clock} = watched({
      run: () => {
        throw new Error('no such container')
      },
    })
    await clock.advance(0)
    monitor[Symbol.dispose]()
    assert.deepEqual(world.results, ['0 no such container'])
  })

  it('stops at once when disposed of: the probe is aborted, nothing is reported, no timer stays', async () => {
    let aborted = false
    const {world, monitor, clock} = watched({
      run: (signal) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            aborted = true
            reject(new Error('killed'))
          })
        }),
    })
    await clock.advance(10)
    monitor[Symbol.dispose]()
    monitor[Symbol.dispose]()
    assert.equal(aborted, true)
    await clock.advance(60_000)
    assert.deepEqual(world.results, [])
    assert.equal(clock.pending, 0)
  })

  it('can be disposed of by what it reports', async () => {
    const {world, monitor, clock} = watched({
      onResult: () => {
        monitor[Symbol.dispose]()
      },
    })
    world.healthy = true
    await clock.advance(60_000)
    assert.deepEqual(world.asked, [0])
    assert.deepEqual(world.changes, [])
  })

  it('counts liveness failures from the end of the start period on', async () => {
    const {world, monitor, clock} = watched({purpose: 'liveness'})
    await clock.advance(60_000)
    monitor[Symbol.dispose]()
    assert.deepEqual(world.changes, ['50000 unhealthy'])
  })

  it('asks once more when told to, after the probe that runs, and counts the answer towards nothing', async () => {
    const ends: ((ok: boolean) => void)[] = []
    const {world, monitor, clock} = watched(
      {
        run: () =>
          new Promise((resolve) =>
            ends.push((ok) => {
              resolve({ok, message: 'said'})
            }),
          ),
      },
      {failureThreshold: 1},
    )
    await clock.advance(0)
    const asked = monitor.askNow(new AbortController().signal)
    await clock.advance(40)
    assert.equal(ends.length, 1)
    ends[0]?.(true)
    await clock.advance(2)
    assert.equal(ends.length, 2)
    ends[1]?.(false)
    await clock.advance(0)
    assert.deepEqual(await asked, {ok: false, message: 'said', durationMs: 2})
    assert.deepEqual([world.results, world.changes], [['40 said'], ['40 ready']])
    monitor[Symbol.dispose]()
  })

  it('answers nothing to one who has given up, or once it has ended', async () => {
    const {monitor, clock} = watched({run: () => new Promise(() => undefined)})
    const patience = new AbortController()
    const asked = monitor.askNow(patience.signal)
    patience.abort()
    await clock.advance(5000)
    assert.equal(await asked, undefined)
    const late = monitor.askNow(new AbortController().signal)
    monitor[Symbol.dispose]()
    assert.equal(await late, undefined)
  })
})

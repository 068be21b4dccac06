import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {isHarnessError} from '../../../src/core/base/errors.js'
import type {Executor, StartRequest} from '../../../src/core/contract/executor.js'
import type {WorkloadHandle} from '../../../src/core/contract/workload.js'
import {guardExecutor} from '../../../src/core/plugin/guard-executor.js'
import {FakeClock} from '../../../src/testing/fake-clock.js'
import {source} from './fixture-plugins.js'

const who = /, in plugin 'harness-plugin-x' 1\.0\.0 \(user\)\.$/
const never = <T>(): Promise<T> => new Promise(() => undefined)
const request = {id: 'a/b/1', graceMs: 1000} as StartRequest
const saved = {executor: 'x', version: 1, id: 'a/b/1', state: null}
const on = new AbortController().signal

function handle(parts: Partial<WorkloadHandle> = {}): WorkloadHandle {
  const status = {by: 'code', code: 0} as const
  return {
    ...{id: 'a/b/1', place: {}, startedAt: 1, endpoints: [], logs: []},
    events: {
      subscribe: () => assert.fail('nobody listens'),
      [Symbol.asyncIterator]: () => assert.fail('nobody listens'),
    },
    save: () => saved,
    wait: () => Promise.resolve(status),
    stop: () => Promise.resolve(status),
    destroy: () => Promise.resolve(),
    release: () => undefined,
    ...parts,
  }
}

function guarded(parts: Partial<Executor>, clock = new FakeClock()): Executor {
  const executor = {
    kind: 'x',
    handleVersion: 1,
    intent: () => saved,
    start: () => Promise.resolve(handle()),
    recover: () => Promise.resolve(handle()),
    ...parts,
  } as unknown as Executor
  return guardExecutor(Object.freeze(executor), source('harness-plugin-x', {}), clock)
}

const context = (signal = on, said: string[] = []) => ({signal, progress: (message: string) => void said.push(message)})

/** The message of an EXECUTOR_FAILED that names the plugin. */
async function blamed(call: () => unknown): Promise<string> {
  try {
    await call()
  } catch (error) {
    assert.ok(isHarnessError(error) && error.code === 'EXECUTOR_FAILED', String(error))
    assert.match(error.message, who)
    assert.match(error.hint, /harness plugins uninstall harness-plugin-x/)
    return error.message.replace(who, '')
  }
  return assert.fail('it did not fail')
}

describe('executor of a user plugin', () => {
  const throwing = (): never => {
    throw new TypeError('no engine')
  }

  it('is named with its plugin when it throws', async () => {
    const failed = (call: string): string => `The executor 'x' failed: ${call}: no engine`
    const executor = guarded({
      fingerprint: throwing,
      intent: throwing,
      start: throwing,
      recover: throwing,
      seat: throwing,
      networks: throwing,
    })
    assert.equal(await blamed(() => executor.fingerprint(on)), failed('fingerprint'))
    assert.equal(await blamed(() => executor.intent(request)), failed('intent'))
    assert.equal(await blamed(() => executor.start(request, context())), failed('start'))
    assert.equal(await blamed(() => executor.recover(saved, on)), failed('recover'))
    assert.equal(await blamed(() => executor.seat?.({}, {stack: 'a', service: 'b'})), failed('seat'))
    assert.equal(await blamed(() => executor.networks?.(on)), failed('networks'))
  })

  it('is named when what it gives is no workload, or its intent no JSON', async () => {
    const nothing = (): Promise<WorkloadHandle> => Promise.resolve({id: 7} as unknown as WorkloadHandle)
    const executor = guarded({
      start: nothing,
      recover: nothing,
      intent: () => ({...saved, state: 1n as unknown as null}),
    })
    assert.match(
      await blamed(() => executor.start(request, context())),
      /gave no workload: .*handle\.id must be a string/,
    )
    assert.match(await blamed(() => executor.recover(saved, on)), /gave no workload/)
    assert.match(await blamed(() => executor.intent(request)), /BigInt/)
  })

  for (const call of ['fingerprint', 'recover', 'networks'] as const)
    it(`is given up when its ${call} never settles`, async () => {
      const clock = new FakeClock()
      const executor = guarded({[call]: never}, clock)
      const asked = blamed(() => (call === 'recover' ? executor.recover(saved, on) : executor[call]?.(on)))
      await clock.advance(4000)
      assert.match(await asked, new RegExp(`${call} did not settle within 4\\.0 s`))
      assert.equal(clock.pending, 0)
    })

  it('lets go of a workload that it finds too late', async () => {
    const clock = new FakeClock()
    let find = (_: WorkloadHandle): void => undefined
    let released = 0
    const found = new Promise<WorkloadHandle>((resolve) => {
      find = resolve
    })
    const asked = blamed(() => guarded({recover: () => found}, clock).recover(saved, on))
    await clock.advance(4000)
    await asked
    find(
      handle({
        release: () => {
          released++
        },
      }),
    )
    await clock.advance(0)
    assert.equal(released, 1)
  })

  it('says for a start that it says nothing, and gives it up after five minutes', async () => {
    const clock = new FakeClock()
    const said: string[] = []
    const starting = blamed(() => guarded({start: never}, clock).start(request, context(on, said)))
    await clock.advance(10_000)
    assert.deepEqual(said, ["start has said nothing for 10.0 s, in plugin 'harness-plugin-x' 1.0.0 (user)"])
    await clock.advance(290_000)
    await clock.advance(5000)
    assert.match(await starting, /start has said nothing for 5m 0s/)
    assert.equal(clock.pending, 0)
  })

  it('has all the time that it wants for a start of which it tells', async () => {
    const clock = new FakeClock()
    let tell = (): void => undefined
    let done = (_: WorkloadHandle): void => undefined
    const executor = guarded(
      {
        start(_, told) {
          tell = () => {
            told.progress('pulling')
          }
          return new Promise<WorkloadHandle>((resolve) => {
            done = resolve
          })
        },
      },
      clock,
    )
    const starting = executor.start(request, context())
    for (let round = 0; round < 4; round++) {
      await clock.advance(200_000)
      tell()
    }
    done(handle())
    assert.equal((await starting).id, 'a/b/1')
    assert.equal(clock.pending, 0)
  })

  it('is given up when a start that was taken back does not settle, and what it brings later is ended', async () => {
    const clock = new FakeClock()
    const back = new AbortController()
    let done = (_: WorkloadHandle): void => undefined
    const start = (): Promise<WorkloadHandle> =>
      new Promise((resolve) => {
        done = resolve
      })
    const starting = blamed(() => guarded({start}, clock).start(request, context(back.signal)))
    back.abort()
    await clock.advance(5000)
    assert.match(await starting, /start was taken back and did not settle within 5\.0 s/)
    const ends: string[] = []
    const stop: WorkloadHandle['stop'] = ({graceMs}) => {
      ends.push(`stop ${graceMs}`)
      return Promise.resolve({by: 'code', code: 0})
    }
    done(handle({stop, release: () => void ends.push('release')}))
    await clock.advance(0)
    await clock.advance(0)
    assert.deepEqual(ends, ['stop 0', 'release'])
  })

  it('is given up when the stop of a workload never settles, after the grace and 10 s', async () => {
    const clock = new FakeClock()
    const executor = guarded({start: () => Promise.resolve(handle({stop: never, destroy: throwing}))}, clock)
    const workload = await executor.start(request, context())
    const stopping = blamed(() => workload.stop({graceMs: 1000}))
    await clock.advance(11_000)
    assert.match(await stopping, /stop did not settle within 11\.0 s/)
    assert.match(await blamed(() => workload.destroy()), /destroy: no engine/)
    assert.ok(!workload.exec)
    assert.equal(workload.startedAt, 1)
  })

  it('waits for the end of a workload as long as somebody wants to know', async () => {
    const clock = new FakeClock()
    const workload = await guarded({start: () => Promise.resolve(handle({wait: never}))}, clock).start(
      request,
      context(),
    )
    const enough = new AbortController()
    const waiting = workload.wait(enough.signal)
    assert.equal(clock.pending, 0)
    enough.abort(new Error('enough'))
    await assert.rejects(waiting, /enough/)
  })

  it('keeps its own word where it raises a documented error', async () => {
    const own = (await import('../../../src/core/base/errors.js')).HarnessError
    const start = (): never => {
      throw new own('EXECUTOR_UNAVAILABLE', {subject: 'x', reason: 'no engine', hint: 'Start one.'})
    }
    await assert.rejects(guarded({start}).start(request, context()), {code: 'EXECUTOR_UNAVAILABLE', hint: 'Start one.'})
  })
})

import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import type {Facts, Listener, Machine} from '../../../../src/core/executors/systemd/machine.js'
import type {Manager} from '../../../../src/core/executors/systemd/manager.js'
import {parseUnits, type UnitState} from '../../../../src/core/executors/systemd/parse-units.js'
import {FarMonitor} from '../../../../src/core/executors/systemd/far/far-monitor.js'
import {watchUnit} from '../../../../src/core/executors/systemd/unit/watch.js'
import {FakeClock} from '../../../../src/testing.js'

const stateOf = (text: string): UnitState => {
  const [state] = parseUnits(text)
  assert.ok(state)
  return state
}
const up = stateOf('ActiveState=active\nInvocationID=1')
const down = stateOf('ActiveState=failed\nInvocationID=1\nExecMainCode=1\nExecMainStatus=7')
const mark = {...{boot: 'b', manager: 'm', before: '', from: 0}, began: true, takenOver: false, cwd: '/', env: {}}

describe('the watch over a unit', () => {
  it('asks how it ended once, however many looks come before the answer', async () => {
    const clock = new FakeClock()
    const answers: ((facts: Facts) => void)[] = []
    let tell: Listener = () => undefined
    const monitor = {
      add(_: string, listener: Listener) {
        tell = listener
        return {[Symbol.dispose]: () => undefined}
      },
    }
    const machine: Machine = {
      managers: {} as Machine['managers'],
      monitors: {user: monitor, system: monitor},
      facts: () => new Promise((resolve) => answers.push(resolve)),
    }
    const manager = {scope: 'user', showOne: () => Promise.resolve(down)} as unknown as Manager
    using watch = watchUnit({unit: 'a.service', mark, found: up, manager, machine, clock})
    for (let looks = 0; looks < 3; looks += 1) tell(down)
    const looked = watch.look()
    await clock.advance(0)
    assert.equal(answers.length, 1)
    answers[0]?.({boot: 'b', uid: 0, now: 0, here: 0, monotonic: 0})
    await looked
    assert.deepEqual((await watch.ended).status, {by: 'code', code: 7})
  })
})

describe('the looks at units of another machine', () => {
  /** A connection that tells what it is told to, until it is given up. */
  function scene() {
    const clock = new FakeClock()
    const links: {readonly signal: AbortSignal; tell(state: UnitState): void}[] = []
    const manager = {
      async *looks(_: readonly string[], signal: AbortSignal) {
        let tell: (states: readonly UnitState[]) => void = () => undefined
        const ended = new Promise<undefined>((resolve) => {
          signal.addEventListener('abort', () => {
            resolve(undefined)
          })
        })
        let next = new Promise<readonly UnitState[]>((resolve) => (tell = resolve))
        links.push({
          signal,
          tell: (state) => {
            tell([state])
          },
        })
        for (;;) {
          const states = await Promise.race([next, ended])
          if (states === undefined) return
          next = new Promise((resolve) => (tell = resolve))
          yield states
        }
      },
    } as unknown as Manager
    const told: string[] = []
    const watching = new FarMonitor(manager, clock).add('a.service', (state) => told.push(state?.active ?? 'unknown'))
    return {
      clock,
      links,
      told,
      [Symbol.dispose]: () => {
        watching[Symbol.dispose]()
      },
    }
  }

  it('are unknown after ten seconds of silence, and come from a new connection after ten more', async () => {
    using there = scene()
    const {clock, links, told} = there
    await clock.advance(100)
    links[0]?.tell(up)
    await clock.advance(9999)
    assert.deepEqual(told, ['active'])
    await clock.advance(1)
    assert.deepEqual(told, ['active', 'unknown'])
    assert.equal(links[0]?.signal.aborted, false)
    await clock.advance(10_000)
    assert.equal(links[0].signal.aborted, true)
    await clock.advance(1000)
    assert.equal(links.length, 2)
    links[1]?.tell(down)
    await clock.advance(0)
    assert.equal(told.at(-1), 'failed')
  })

  it('end with the last who wants them, and leave no timer', async () => {
    const there = scene()
    await there.clock.advance(100)
    there[Symbol.dispose]()
    await there.clock.advance(0)
    assert.equal(there.links[0]?.signal.aborted, true)
    assert.equal(there.clock.pending, 0)
  })
})

import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {systemClock, type Clock} from '../../src/core/base/clock.js'
import {newId} from '../../src/core/base/ids.js'
import {connect} from '../../src/core/client/connect.js'
import {loadStack} from '../../src/core/config/load-stack.js'
import type {StackStatus} from '../../src/core/contract/status.js'
import {Sandbox, until} from '../support/harness.js'
import {callerEnv} from './support/daemon.js'
import {openOwnDaemon} from './support/own-daemon.js'
import {printedRandom, size} from './support/sizes.js'

const jumps = size({quick: 6, full: 60})
const hour = 3_600_000
const distances = [hour, -hour, 87_660 * hour, -87_660 * hour]

describe(`a wall clock that is set ${jumps} times by an hour or ten years, on and back`, function () {
  this.timeout(60_000 + jumps * 2000)

  it('restarts nothing, renews no restart budget, and changes no uptime (P9)', async () => {
    await using sandbox = await Sandbox.make()
    const {random} = printedRandom()
    let offset = 0
    const clock: Clock = {...systemClock, now: () => Date.now() + offset}
    await using _daemon = await openOwnDaemon(sandbox, clock)
    const client = await connect({stateDirectory: sandbox.state, client: {name: 'test', version: '0'}, clock})
    const steady = Array.from({length: 5}, (_, index) => `s${index}`)
    const restart = '{policy: always, delay: 50ms, factor: 1, jitter: 0, max_attempts: 5, window: 1h}'
    await sandbox.write(`
name: jumps
services:
  loop: {type: process, binary: sh, args: [-c, 'sleep 0.1; exit 1'], restart: ${restart}}
  ended: {type: process, binary: sleep, args: ['1000'], restart: ${restart}}
${steady
  .map(
    (name) => `  ${name}:
    type: process
    binary: sleep
    args: ['1000']
    restart: ${restart}
    health_check: {command: 'true', interval: 100ms}`,
  )
  .join('\n')}
`)
    const {definition} = await loadStack({cwd: sandbox.folder, env: {}})
    await client.call('stack.load', {definition, requestId: newId()})
    await client.call('service.start', {stack: 'jumps', services: steady, env: callerEnv, requestId: newId()})
    const status = (): Promise<StackStatus> => client.call('service.status', {stack: 'jumps', services: []})
    const of = async (name: string) => (await status()).services.find((each) => each.name === name)
    const before = await status()
    const began = systemClock.monotonic()
    const first = new Map(before.services.map(({name, uptimeMs}) => [name, uptimeMs ?? 0]))
    await client.call('service.start', {stack: 'jumps', services: ['ended'], env: callerEnv, requestId: newId()})
    client
      .call('service.start', {stack: 'jumps', services: ['loop'], env: callerEnv, requestId: newId()})
      .catch(() => undefined)

    for (let jump = 0; jump < jumps; jump += 1) {
      offset += distances[Math.floor(random() * distances.length)] ?? hour
      await systemClock.sleep(100 + random() * 200)
      const now = await status()
      const elapsed = systemClock.monotonic() - began
      for (const {name, state, attempt, pid, uptimeMs} of now.services.filter((each) => steady.includes(each.name))) {
        const then = before.services.find((each) => each.name === name)
        assert.deepEqual([state, attempt, pid], ['Running', 1, then?.pid], `${name} goes on`)
        const off = Math.abs((uptimeMs ?? 0) - (first.get(name) ?? 0) - elapsed)
        assert.ok(off < 1000, `the uptime of ${name} is ${uptimeMs} after ${elapsed} ms`)
      }
      assert.ok((await client.call('daemon.info', {})).uptimeMs < 3_600_000)
    }
    await until(async () => (await of('loop'))?.state === 'Failed', 'the crash loop is noticed')
    assert.deepEqual(
      [(await of('loop'))?.attempt, (await of('loop'))?.desired],
      [6, 'down'],
      'the budget is spent once',
    )

    const pid = (await of('ended'))?.pid ?? 0
    offset -= hour
    process.kill(pid, 'SIGKILL')
    offset -= hour
    await until(async () => (await of('ended'))?.attempt === 2, 'what ends is started again in its time', 5000)
    await client.call('service.stop', {stack: 'jumps', services: [], dependents: 'leave', requestId: newId()})
    await client[Symbol.asyncDispose]()
  })
})

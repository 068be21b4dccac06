import assert from 'node:assert/strict'
import {mkdir, readdir, stat} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'mocha'
import {systemClock} from '../../src/core/base/clock.js'
import {statePaths} from '../../src/core/base/state-directory.js'
import {open} from '../core/store/scratch.js'
import {Sandbox} from '../support/harness.js'
import {startRealDaemon} from './support/real-daemon.js'
import {measured, size} from './support/sizes.js'

const updates = size({quick: 30_000, full: 1_000_000})
const services = 50
const atOnce = 1000
const most = 16 * 1024 * 1024

describe(`a state that is changed ${updates} times`, function () {
  this.timeout(60_000 + updates)

  it('stays within 16 MB, is all there, and is opened soon (P7)', async () => {
    await using sandbox = await Sandbox.make()
    const directory = statePaths(sandbox.state).store
    await mkdir(sandbox.state, {mode: 0o700})
    let largest = 0
    {
      await using store = await open(directory)
      for (let done = 0; done < updates; done += atOnce) {
        const commits = Array.from({length: atOnce}, (_, index) => store.commit([record(done + index)]))
        await Promise.all(commits)
        if ((done / atOnce) % 10 === 9) largest = Math.max(largest, await bytesIn(directory))
      }
    }
    measured('largest state', `${(largest / 1e6).toFixed(1)} MB`)
    assert.ok(largest > 0 && largest <= most, `${largest} bytes`)
    {
      const began = systemClock.monotonic()
      await using store = await open(directory)
      measured('opened in', `${Math.round(systemClock.monotonic() - began)} ms`)
      const kept = store.entries('service/')
      assert.equal(kept.length, services)
      for (let last = updates - services; last < updates; last += 1) {
        const {key, value} = record(last)
        assert.deepEqual(store.get(key), value)
      }
    }
    await using empty = await Sandbox.make()
    measured('a daemon is there', `${await start(sandbox)}, with no state ${await start(empty)}`)
  })
})

/** What `harness daemon start` takes, and how much of it the daemon says that its state took. */
async function start(sandbox: Sandbox): Promise<string> {
  const began = systemClock.monotonic()
  const daemon = await startRealDaemon(sandbox)
  const took = systemClock.monotonic() - began
  const recovered = /"message":"recovered".*"ms":(\d+)/.exec(await daemon.log())?.[1]
  assert.ok(recovered !== undefined)
  return `after ${Math.round(took)} ms (state: ${recovered} ms)`
}

/** As large as the record of a service with some history. */
function record(number: number): {
  readonly key: string
  readonly value: {readonly number: number; readonly text: string}
} {
  return {key: `service/${number % services}`, value: {number, text: 'x'.repeat(700)}}
}

async function bytesIn(directory: string): Promise<number> {
  const sizes = await Promise.all(
    (await readdir(directory)).map((name) => stat(path.join(directory, name)).then((found) => found.size)),
  )
  return sizes.reduce((sum, each) => sum + each, 0)
}

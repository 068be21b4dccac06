import assert from 'node:assert/strict'
import {readdir, stat} from 'node:fs/promises'
import path from 'node:path'
import {after, describe, it} from 'mocha'
import {systemClock} from '../../src/core/base/clock.js'
import {open, removeScratch, scratch} from '../core/store/scratch.js'
import {measured, size} from './support/sizes.js'

const updates = size({quick: 30_000, full: 1_000_000})
const services = 50
const atOnce = 1000
const most = 16 * 1024 * 1024

describe(`a state that is changed ${updates} times`, function () {
  this.timeout(60_000 + updates)
  after(removeScratch)

  it('stays within 16 MB, is all there, and is opened soon (P7)', async () => {
    const directory = await scratch()
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
    const began = systemClock.monotonic()
    await using store = await open(directory)
    measured('opened in', `${Math.round(systemClock.monotonic() - began)} ms`)
    const kept = store.entries('service/')
    assert.equal(kept.length, services)
    for (let last = updates - services; last < updates; last += 1) {
      const {key, value} = record(last)
      assert.deepEqual(store.get(key), value)
    }
  })
})

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

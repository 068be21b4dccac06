import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {readStat} from '../../../src/core/process/platform.js'
import {eventually, linesOf, workshop} from './temporary.js'

/** Ends politely with its last line, so that a test can see what it was asked. */
const polite = `trap 'echo asked; exit 0' TERM; echo ready; while :; do sleep 0.02; done`

async function saysReady(handle: Parameters<typeof linesOf>[0], count = 1): Promise<void> {
  await eventually(async () => (await linesOf(handle)).filter((line) => line.includes('ready')).length >= count)
}

describe('stopping a service', () => {
  it('ends a child that ignores SIGTERM after its leader is gone, once the grace is over', async () => {
    await using shop = workshop()
    const handle = await shop.sh(`(trap '' TERM; echo ready; while :; do sleep 0.1; done) & ${polite}`)
    await saysReady(handle, 2)
    const begin = performance.now()
    const status = await handle.stop({graceMs: 400})
    const took = performance.now() - begin
    assert.deepEqual(status, {by: 'code', code: 0})
    assert.ok(took >= 390 && took < 1400, `${took} ms`)
    assert.deepEqual(await shop.left(), [])
  })

  it('is not held up by a child in a session of its own that holds the output open', async () => {
    await using shop = workshop()
    const handle = await shop.sh(
      `setsid sh -c "trap '' TERM HUP; echo ready; while :; do sleep 0.1; done" & ${polite}`,
      {
        logs: {capture: 'pipe', merge: false},
      },
    )
    await saysReady(handle, 2)
    const begin = performance.now()
    await handle.stop({graceMs: 400})
    assert.ok(performance.now() - begin < 1400, 'it waited for the pipe')
    assert.deepEqual(await shop.left(), [])
  })

  it('asks each process once', async () => {
    await using shop = workshop()
    const handle = await shop.sh(`sh -c 'n=0; trap "echo asked; n=\\$((n+1))" TERM; echo ready
      i=0; while [ $i -lt 10 ]; do sleep 0.03; i=$((i+1)); done' & trap 'exit 0' TERM; echo ready; while :; do sleep 0.02; done`)
    await saysReady(handle, 2)
    await handle.stop({graceMs: 2000})
    assert.equal((await linesOf(handle)).filter((line) => line.includes('asked')).length, 1)
  })

  it('asks by the signal of the service', async () => {
    await using shop = workshop()
    const handle = await shop.sh(`trap 'echo interrupted; exit 0' INT; echo ready; while :; do sleep 0.02; done`)
    await saysReady(handle)
    assert.deepEqual(await handle.stop({graceMs: 2000, signal: 'SIGINT'}), {by: 'code', code: 0})
    assert.ok((await linesOf(handle)).includes('stdout: interrupted'))
  })

  it('reaches a program that was paused', async () => {
    await using shop = workshop()
    const handle = await shop.sh(polite)
    await saysReady(handle)
    await handle.signal?.('SIGSTOP')
    // A shell that has just forked by vfork waits for the child, which is stopped with it.
    await eventually(() => /^[TD]$/.test(readStat(handle.place.pid ?? 0)?.state ?? ''))
    assert.deepEqual(await handle.stop({graceMs: 5000}), {by: 'code', code: 0})
  })

  it('ends a program that hides its cookie in a session of its own', async () => {
    await using shop = workshop()
    const handle = await shop.sh(`trap '' TERM; env -i setsid sleep 4321 & echo ready; wait`)
    await saysReady(handle)
    const find = async () => {
      const {createScanner} = await import('../../../src/core/process/scan.js')
      const {readArguments} = await import('../../../src/core/process/platform.js')
      const {processes} = await createScanner().scan()
      return [...processes.keys()].filter((pid) => readArguments(pid).includes('4321'))
    }
    await eventually(async () => (await find()).length === 1)
    await handle.stop({graceMs: 100})
    assert.deepEqual(await find(), [])
  })

  it('finishes in time when the watching shell is gone', async () => {
    await using shop = workshop()
    const handle = await shop.sh(polite)
    await saysReady(handle)
    const {readRun, runPaths} = await import('../../../src/core/process/run-directory.js')
    process.kill(readRun(runPaths(handle.save().state.runDirectory))?.shim.pid ?? 0, 'SIGKILL')
    const status = await handle.stop({graceMs: 5000})
    assert.equal(status.by, 'lost')
    assert.deepEqual(await shop.left(), [])
  })

  it('ends 15 hostile trees at once within one grace', async () => {
    await using shop = workshop()
    const scripts = [
      `sh -c 'trap "" TERM; while :; do sleep 1; done' & exec sleep 600`,
      `setsid sh -c 'trap "" TERM; while :; do sleep 1; done' & trap '' TERM; wait; while :; do sleep 1; done`,
      `( ( trap '' TERM HUP; while :; do sleep 1; done ) & ) ; exec sleep 600`,
    ]
    const handles = await Promise.all(Array.from({length: 15}, (_, index) => shop.sh(scripts[index % 3] ?? '')))
    await eventually(async () => (await shop.left()).length >= 40)
    const begin = performance.now()
    await Promise.all(handles.map((handle) => handle.stop({graceMs: 500})))
    assert.ok(performance.now() - begin < 1500, `${performance.now() - begin} ms`)
    assert.deepEqual(await shop.left(), [])
  })
})

describe('a service that ends by itself', () => {
  it('is swept before its end is told, so that a restart finds its ports free', async () => {
    await using shop = workshop()
    const handle = await shop.sh(
      `setsid sh -c 'trap "" TERM; echo ready; while :; do sleep 0.1; done' & sleep 0.2; exit 4`,
      {
        graceMs: 200,
      },
    )
    assert.deepEqual(await handle.wait(), {by: 'code', code: 4})
    assert.deepEqual(await shop.left(), [])
  })

  it('tells its end within a moment', async () => {
    await using shop = workshop()
    const handle = await shop.sh('exec sleep 600')
    const begin = performance.now()
    process.kill(handle.place.pid ?? 0, 'SIGKILL')
    assert.deepEqual(await handle.wait(), {by: 'signal', signal: 'SIGKILL'})
    assert.ok(performance.now() - begin < 500, `${performance.now() - begin} ms`)
  })
})

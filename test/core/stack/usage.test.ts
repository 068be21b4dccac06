import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import {silentLog} from '../../../src/core/base/log.js'
import {usageOf} from '../../../src/core/stack/usage.js'
import {FakeClock} from '../../../src/testing/fake-clock.js'
import {file, forever, sh, start, workbench} from './workbench.js'

const never = new AbortController().signal

describe('what services use', () => {
  it('is told of all processes of those that run, and of no other', async () => {
    await using bench = await workbench()
    const busy = 'sh -c "while :; do :; done" & exec sleep 600'
    const stack = await bench.load(file([sh('busy', busy), sh('idle', forever), sh('off', forever)]))
    await start(stack, ['busy', 'idle'])
    const usage = new Map((await stack.usage([], never)).map((each) => [each.service, each]))
    assert.deepEqual([...usage.keys()], ['busy', 'idle'])
    const [working, resting] = [usage.get('busy'), usage.get('idle')]
    assert.ok((working?.cpu ?? 0) > (resting?.cpu ?? 1), 'the loop of its child counts')
    for (const {memory} of usage.values()) assert.ok(memory > 100_000 && memory < 1e9, String(memory))
    assert.deepEqual(await stack.usage(['off'], never), [])
    assert.throws(() => stack.usage(['nobody'], never), {code: 'SERVICE_UNKNOWN'})
  })

  it('is told without those who do not say', async () => {
    const clock = new FakeClock()
    const says = {name: 'says', handle: {stats: () => Promise.resolve({cpu: 1, memory: 2})}}
    const hangs = {name: 'hangs', handle: {stats: () => new Promise(() => undefined)}}
    const asked = usageOf([hangs, says] as never, {signal: never, log: silentLog, clock})
    await clock.advance(3000)
    assert.deepEqual(await asked, [{service: 'says', cpu: 1, memory: 2}])
  })
})

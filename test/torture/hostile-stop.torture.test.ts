import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {systemClock} from '../../src/core/base/clock.js'
import {newId} from '../../src/core/base/ids.js'
import type {Client} from '../../src/core/client/client.js'
import {loadStack} from '../../src/core/config/load-stack.js'
import {processesNaming, Sandbox, until} from '../support/harness.js'
import {callerEnv, openClient} from './support/daemon.js'
import {measured, size} from './support/sizes.js'

const graceMs = 2000
/** Runs until it is killed; what it is called by stands in its arguments. */
const deaf = (marker: string): string => `sh -c 'trap "" TERM HUP INT; while :; do sleep 0.2; done' ${marker}`

/** What each of them leaves behind when it is asked to end. */
const hostile: Readonly<Record<string, (marker: string) => string>> = {
  'a child that ignores SIGTERM, whose leader ends': (marker) => `${deaf(marker)} & exec sleep 1000`,
  'a grandchild in a session of its own': (marker) =>
    `setsid ${deaf(marker)} & trap 'exit 0' TERM; while :; do sleep 0.1; done`,
  'a double fork': (marker) => `( ( ${deaf(marker)} & ) & ); exec sleep 1000`,
  'a grandchild without the cookie in a session of its own': (marker) =>
    `env -i setsid ${deaf(marker)} & trap '' TERM; wait`,
  'a child that is born while it ends': (marker) =>
    `trap '${deaf(marker).replaceAll("'", `'"'"'`)} & exit 0' TERM; while :; do sleep 0.1; done`,
}
const kinds = Object.values(hostile)

describe('a stop', function () {
  this.timeout(120_000)

  const trees = size({quick: 5, full: 20})
  it(`of ${trees} hostile trees returns when nothing of them is left (L6)`, async () => {
    await assertStops(trees, (index, marker) => kinds[index % kinds.length]!(marker))
  })

  const many = size({quick: 10, full: 50})
  it(`of ${many} services that ignore SIGTERM takes one grace, not ${many} (L7)`, async () => {
    await assertStops(many, (_, marker) => `exec ${deaf(marker)}`)
  })
})

async function assertStops(count: number, script: (index: number, marker: string) => string): Promise<void> {
  await using sandbox = await Sandbox.make()
  const marker = `marker-${newId()}`
  const entries = Array.from({length: count}, (_, index) => {
    const text = script(index, marker).replaceAll('$', '$$$$')
    return `  s${index}: {type: process, binary: sh, args: [-c, ${JSON.stringify(text)}], shutdown_timeout: ${graceMs}ms}`
  })
  await sandbox.write(`name: hostile\nservices:\n${entries.join('\n')}\n`)
  const {definition} = await loadStack({cwd: sandbox.folder, env: {}})
  await using client = await openClient(sandbox)
  await client.call('stack.load', {definition, requestId: newId()})
  await client.call('service.start', {stack: 'hostile', services: [], env: callerEnv, requestId: newId()})
  await until(async () => (await processesNaming(marker)).length >= count, 'all of them are there')
  const took = await stopAll(client)
  assert.deepEqual(await processesNaming(marker), [], 'nothing survives the answer')
  assert.deepEqual((await client.call('daemon.census', {})).strays, [])
  measured('took', `${Math.round(took)} ms with a grace of ${graceMs} ms`)
  // One after the other they would take as many graces.
  assert.ok(took < graceMs * 3, `${took} ms`)
}

async function stopAll(client: Client): Promise<number> {
  const began = systemClock.monotonic()
  await client.call('service.stop', {stack: 'hostile', services: [], dependents: 'leave', requestId: newId()})
  return systemClock.monotonic() - began
}

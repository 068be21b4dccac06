import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {systemClock} from '../../src/core/base/clock.js'
import {newId} from '../../src/core/base/ids.js'
import type {Client} from '../../src/core/client/client.js'
import {loadStack} from '../../src/core/config/load-stack.js'
import type {StackStatus} from '../../src/core/contract/status.js'
import {processesNaming, Sandbox, until} from '../support/harness.js'
import {findFaults, noFaults, takeCensus} from './support/census.js'
import {callerEnv, kill9, killDaemonOf, openClient} from './support/daemon.js'
import {measured, percentile, printedRandom, size} from './support/sizes.js'

const kills = size({quick: 4, full: 100})
const services = 50

describe('a daemon that is killed again and again while 50 services start', function () {
  this.timeout(30_000 + kills * 15_000)

  it(`loses, doubles and orphans nothing in ${kills} kills (L1)`, async () => {
    await using sandbox = await Sandbox.make()
    const {random} = printedRandom()
    const marker = `marker-${newId()}`
    const {state} = sandbox
    const entries = Array.from(
      {length: services},
      (_, index) => `
  s${index}:
    type: process
    binary: sh
    args: [-c, 'while :; do sleep 1000; done', ${marker}]
    restart: {policy: always, delay: 10ms, max_attempts: 100}`,
    )
    await sandbox.write(`name: torture\nservices:${entries.join('')}\n`)
    const {definition} = await loadStack({cwd: sandbox.folder, env: {}})
    const recoveries: number[] = []

    for (let kill = 0; kill < kills; kill += 1) {
      const victim = await openClient(sandbox)
      await victim.call('stack.load', {definition, requestId: newId()})
      // It is not waited for: the answer is lost with the daemon, the work must not be.
      const request = {stack: 'torture', services: [], env: callerEnv, requestId: newId()}
      victim.call('service.start', request).catch(() => undefined)
      await systemClock.sleep(random() * 600)
      const killed = killHalf(marker, random)
      if (random() < 0.5) await killed
      await killDaemonOf(victim)
      await killed

      const began = systemClock.monotonic()
      await using client = await openClient(sandbox)
      recoveries.push(systemClock.monotonic() - began)
      // A kill before the start was journalled leaves nothing wanted; any other leaves all of it.
      const wanted = await desiredUp(client)
      assert.ok(wanted === 0 || wanted === services, `${wanted} services are wanted`)
      await until(async () => (await running(client)) === wanted, 'everything that was asked for is Running')
      await until(async () => (await takeCensus(marker)).length === wanted, `${wanted} programs are there`)
      assert.deepEqual(await findFaults({marker, state, status: await statusOf(client)}), noFaults, `kill ${kill + 1}`)
      assert.deepEqual((await client.call('daemon.census', {})).mismatches, [], 'the daemon sees the same')
      if (kill % 4 === 3) await stopAll(client, marker)
    }

    await using client = await openClient(sandbox)
    await stopAll(client, marker)
    assert.deepEqual(await findFaults({marker, state, status: await statusOf(client)}), noFaults)
    measured('recovery with the start of node, p95', `${Math.round(percentile(recoveries, 0.95))} ms`)
  })
})

/** Half of the programs, as they are at this moment. */
async function killHalf(marker: string, random: () => number): Promise<void> {
  for (const {program} of await takeCensus(marker)) if (program !== undefined && random() < 0.5) kill9(program)
}

function statusOf(client: Client): Promise<StackStatus> {
  return client.call('service.status', {stack: 'torture', services: []})
}

async function desiredUp(client: Client): Promise<number> {
  const {stacks} = await client.call('stack.list', {})
  if (stacks.length === 0) return 0
  return (await statusOf(client)).services.filter(({desired}) => desired === 'up').length
}

async function running(client: Client): Promise<number> {
  const {stacks} = await client.call('stack.list', {})
  return stacks.length === 0 ? 0 : (await statusOf(client)).services.filter(({state}) => state === 'Running').length
}

async function stopAll(client: Client, marker: string): Promise<void> {
  await client.call('service.stop', {stack: 'torture', services: [], dependents: 'leave', requestId: newId()})
  assert.deepEqual(await processesNaming(marker), [], 'a stop leaves nothing')
}

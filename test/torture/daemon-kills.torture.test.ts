import assert from 'node:assert/strict'
import {readFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'mocha'
import {systemClock} from '../../src/core/base/clock.js'
import {Sandbox} from '../support/harness.js'
import {kill9, killDaemonOf, openClient} from './support/daemon.js'
import {MarkedStack} from './support/marked-stack.js'
import {measured, percentile, printedRandom, size} from './support/sizes.js'

const kills = size({quick: 4, full: 100})
const services = 50

describe('a daemon that is killed again and again while 50 services start', function () {
  this.timeout(30_000 + kills * 15_000)

  it(`loses, doubles and orphans nothing in ${kills} kills (L1)`, async () => {
    await using sandbox = await Sandbox.make()
    const {random} = printedRandom()
    const stack = await MarkedStack.make(sandbox, services)
    const starts: number[] = []

    for (let kill = 1; kill <= kills; kill += 1) {
      const victim = await openClient(sandbox)
      await stack.load(victim)
      // It is not waited for: the answer is lost with the daemon, the work must not be.
      stack.start(victim).catch(() => undefined)
      await systemClock.sleep(random() * 600)
      const killed = killHalf(stack, random)
      if (random() < 0.5) await killed
      await killDaemonOf(victim)
      await killed

      const began = systemClock.monotonic()
      await using client = await openClient(sandbox)
      starts.push(systemClock.monotonic() - began)
      const wanted = await stack.settle(client, `kill ${kill}`)
      // A kill before the start was journalled leaves nothing wanted; any other leaves all of it.
      assert.ok(wanted === 0 || wanted === services, `${wanted} services are wanted`)
      if (kill % 4 === 0) await stack.stopWholly(client)
    }

    await using client = await openClient(sandbox)
    await stack.stopWholly(client)
    measured('recovery, p95', `${Math.round(percentile(await recoveries(sandbox), 0.95))} ms`)
    measured('kill to answer, the start of node in it, p95', `${Math.round(percentile(starts, 0.95))} ms`)
  })
})

/** Half of the programs, as they are at this moment. */
async function killHalf(stack: MarkedStack, random: () => number): Promise<void> {
  for (const {program} of await stack.programs()) if (program !== undefined && random() < 0.5) kill9(program)
}

/** What the daemons said of how long it took them to find everything again. */
async function recoveries({state}: Sandbox): Promise<readonly number[]> {
  const lines = (await readFile(path.join(state, 'daemon.log'), 'utf8')).split('\n').filter((line) => line !== '')
  return lines.flatMap((line) => {
    const {message, ms} = JSON.parse(line) as {readonly message: string; readonly ms?: number}
    return message === 'recovered' && ms !== undefined ? [ms] : []
  })
}

import assert from 'node:assert/strict'
import {readFile} from 'node:fs/promises'
import {systemClock} from '../../../src/core/base/clock.js'
import type {Client} from '../../../src/core/client/client.js'
import {measured, percentile} from './sizes.js'

const mostGrowthMb = 64
/** The kernel counts processor time in hundredths of a second. */
const ticksPerSecond = 100

/** Processor time that a process has used. */
export async function processorSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number)
  return ((user ?? 0) + (system ?? 0)) / ticksPerSecond
}

async function residentMb(pid: number): Promise<number> {
  return Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
}

/** Looks at the daemon and asks it for the status, as another client, until what is answered is called: then the daemon must not have grown by more than 64 MB. */
export async function watchDaemon(client: Client, stack = 'demo') {
  const {pid} = client.hello.daemon
  const baseline = await residentMb(pid)
  const answers: number[] = []
  let most = baseline
  const enough = new AbortController()
  const watching = (async () => {
    while (!enough.signal.aborted) {
      const began = systemClock.monotonic()
      await client.call('service.status', {stack, services: []})
      answers.push(systemClock.monotonic() - began)
      most = Math.max(most, await residentMb(pid))
      await systemClock.sleep(50)
    }
  })()
  return async (): Promise<void> => {
    enough.abort()
    await watching
    measured('daemon', `${baseline.toFixed()} MB at first, ${most.toFixed()} MB at most`)
    measured('status of another client', `${answers.length} answers, p99 ${percentile(answers, 0.99).toFixed(1)} ms`)
    assert.ok(
      most <= baseline + mostGrowthMb,
      `${most.toFixed()} MB is more than ${mostGrowthMb} above ${baseline.toFixed()}`,
    )
    assert.ok(answers.length > 0)
  }
}

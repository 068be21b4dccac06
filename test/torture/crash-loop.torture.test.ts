import assert from 'node:assert/strict'
import {readFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'mocha'
import {systemClock} from '../../src/core/base/clock.js'
import type {StackStatus} from '../../src/core/contract/status.js'
import {Sandbox} from '../support/harness.js'
import {measured, size} from './support/sizes.js'

const seconds = size({quick: 5, full: 60})

describe(`a service that ends at once, with restart: always, for ${seconds} s`, function () {
  this.timeout(60_000 + seconds * 1000)

  it('is started at most 7 times in the first minute, and costs the daemon next to nothing (L9)', async () => {
    await using sandbox = await Sandbox.make()
    const file = path.join(sandbox.folder, 'starts')
    await sandbox.write(
      `services: {loop: {type: process, binary: sh, args: [-c, 'echo start >> starts; exit 1'], restart: always}}\n`,
    )
    assert.equal((await sandbox.run('daemon', 'start')).code, 0)
    await sandbox.run('start', '--no-wait')
    const pid = await sandbox.daemonPid()
    const [began, before] = [systemClock.monotonic(), await cpuSeconds(pid)]
    await systemClock.sleep(seconds * 1000)
    const share = ((await cpuSeconds(pid)) - before) / ((systemClock.monotonic() - began) / 1000)
    const starts = (await readFile(file, 'utf8')).trim().split('\n').length
    measured('starts', `${starts}, the daemon at ${(share * 100).toFixed(1)} % of a core`)
    assert.ok(starts > 1 && starts <= 7, `${starts} starts`)
    const [service] = (await sandbox.json<StackStatus>('status')).services
    assert.equal(service?.attempt, starts)
  })
})

/** Of user and system, that a process has used so far. */
async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {describe, it} from 'mocha'

import {systemClock} from '../../../src/core/base/clock.js'
import {withDeadline} from '../../../src/core/base/deadline.js'
import type {Probe} from '../../../src/core/contract/probe.js'
import {monitorHealth} from '../../../src/core/health/monitor.js'
import {runProbe} from '../../../src/core/health/probe.js'
import type {Exec} from '../../../src/core/health/probes/command.js'

const probes = 100

/** Runs a command in a group of its own and kills the group on abort; counts how many are there at a time. */
function groupExec() {
  const seen = {running: 0, most: 0, pids: [] as number[]}
  const exec: Exec = async (command, signal) => {
    const child = spawn(command.program, command.args, {detached: true, stdio: 'ignore'})
    const pid = child.pid!
    seen.pids.push(pid)
    seen.running += 1
    seen.most = Math.max(seen.most, seen.running)
    const kill = (): void => void process.kill(-pid, 'SIGKILL')
    signal.addEventListener('abort', kill, {once: true})
    await once(child, 'exit')
    signal.removeEventListener('abort', kill)
    seen.running -= 1
    return {status: {by: 'code', code: child.exitCode ?? 1}, stdout: '', stderr: ''}
  }
  return {exec, seen}
}

function groupIsGone(pid: number): boolean {
  try {
    process.kill(-pid, 0)
    return false
  } catch {
    return true
  }
}

describe('hung probe', () => {
  it('is killed with its group at the time limit, never two at once, nothing left after 100', async () => {
    const {exec, seen} = groupExec()
    const probe: Probe = {
      check: {kind: 'command', program: 'sh', args: ['-c', 'sleep 300 & sleep 300'], on: 'host'},
      intervalMs: 1,
      startIntervalMs: 1,
      startPeriodMs: 0,
      timeoutMs: 3,
      successThreshold: 1,
      failureThreshold: 3,
    }
    const messages = new Set<string>()
    const done = (finish: () => void): Disposable =>
      monitorHealth(probe, {
        clock: systemClock,
        run: (signal) => runProbe(probe.check, {exec, logMatch: () => undefined, signal}),
        onResult: (result) => {
          messages.add(result.message)
          if (seen.pids.length >= probes) finish()
        },
        onChange: () => assert.fail('a hung probe changes nothing while starting'),
      })
    await withDeadline(
      () =>
        new Promise<void>((resolve) => {
          const monitor = done(() => {
            monitor[Symbol.dispose]()
            resolve()
          })
        }),
      {clock: systemClock, ms: 9000, onTimeout: () => new Error(`only ${seen.pids.length} probes ran`)},
    )
    while (seen.running > 0 || !seen.pids.every(groupIsGone)) await systemClock.sleep(5)
    assert.equal(seen.most, 1)
    assert.ok(messages.has("command 'sh': no answer within 3 ms"))
  })
})

import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {systemClock, type Clock} from '../../src/core/base/clock.js'
import {connectIfRunning} from '../../src/core/client/connect-if-running.js'
import {connect} from '../../src/core/client/connect.js'
import {ensureDaemon} from '../../src/core/client/ensure-daemon.js'
import {Sandbox} from '../support/harness.js'

/** A clock that is this much faster, so that nobody has to wait out the deadlines; and a minute ahead, so that no daemon has just begun. */
const speed = 5
const hurried: Clock = {
  now: () => systemClock.now() + 60_000,
  monotonic: () => systemClock.monotonic() * speed,
  sleep: (ms, signal) => systemClock.sleep(ms / speed, signal),
  after: (ms, callback) => systemClock.after(ms / speed, callback),
}

describe('a daemon that is paused', function () {
  this.timeout(60_000)
  const client = {name: 'test', version: '1.0.0'}

  it('is said after one deadline whatever the ways to it, with its pid and what to type, and answers again when it goes on', async () => {
    await using sandbox = await Sandbox.make()
    assert.equal((await sandbox.run('daemon', 'start')).code, 0)
    const pid = await sandbox.daemonPid()
    const options = {stateDirectory: sandbox.state, client, clock: hurried}
    process.kill(pid, 'SIGSTOP')
    const asking = [
      () => connectIfRunning(options),
      () => ensureDaemon({...options, command: ['/nonexistent'], env: {}}),
    ]
    for (const ask of asking) {
      const began = hurried.monotonic()
      await assert.rejects(ask(), (error: Error & {code: string; hint: string}) => {
        assert.equal(error.code, 'DAEMON_UNREACHABLE')
        assert.match(error.message, new RegExp(`process ${pid} has owned it since .* and is paused\\.`))
        assert.match(error.hint, new RegExp(`kill -CONT ${pid}.*kill -KILL ${pid}`))
        return true
      })
      const ms = hurried.monotonic() - began
      // Two deadlines would be 20 s.
      assert.ok(ms < 19_000, `it took ${ms} ms of the hurried clock`)
    }
    process.kill(pid, 'SIGCONT')
    await using connected = await connect({...options, clock: systemClock})
    assert.equal(connected.hello.daemon.pid, pid)
  })

  it('does not hold up a request that is under way', async () => {
    await using sandbox = await Sandbox.make()
    assert.equal((await sandbox.run('daemon', 'start')).code, 0)
    const pid = await sandbox.daemonPid()
    await using connected = await connect({stateDirectory: sandbox.state, client, clock: hurried})
    process.kill(pid, 'SIGSTOP')
    await assert.rejects(connected.call('daemon.info', {}), {
      code: 'CONNECTION_LOST',
      reason: `process ${pid} has said nothing for 8.0 s`,
      hint: 'Run `harness daemon status` to see whether it answers again; services keep running without the daemon.',
    })
  })
})

import {strict as assert} from 'node:assert'
import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {afterEach, beforeEach, describe, it} from 'mocha'
import {systemClock, type Clock} from '../../../src/core/base/clock.js'
import {statePaths} from '../../../src/core/base/state-directory.js'
import {connectIfRunning} from '../../../src/core/client/connect-if-running.js'
import {ensureDaemon} from '../../../src/core/client/ensure-daemon.js'
import {takeOwnership} from '../../../src/core/store/owner-lock.js'

const minute = 60_000
const client = {name: 'test', version: '1.0.0'}

describe('a state directory that somebody owns while no daemon answers', function () {
  this.timeout(10_000)
  let directory: string
  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'harness-silent-'))
  })
  afterEach(() => rm(directory, {recursive: true}))

  /** As if the owner had started a minute ago, and two seconds had passed since we began to ask. */
  const later = (): Clock => {
    let asked = 0
    return {
      ...systemClock,
      now: () => systemClock.now() + minute,
      monotonic: () => systemClock.monotonic() + (asked++ === 0 ? 0 : 2000),
    }
  }

  it('is said with the pid of the owner, instead of launching a second daemon or saying that none runs', async () => {
    await using _ = await takeOwnership(statePaths(directory))
    await writeFile(statePaths(directory).token, 'a1'.repeat(32), {mode: 0o600})
    const unreachable = {code: 'DAEMON_UNREACHABLE', subject: directory, exit: 7}
    await assert.rejects(connectIfRunning({stateDirectory: directory, client, clock: later()}), unreachable)
    await assert.rejects(
      ensureDaemon({stateDirectory: directory, client, clock: later(), command: ['/nonexistent'], env: {}}),
      (error: Error & {code: string; hint: string; details: {pid: number}}) => {
        assert.equal(error.code, 'DAEMON_UNREACHABLE')
        assert.equal(error.details.pid, process.pid)
        assert.match(error.message, new RegExp(`process ${process.pid} has owned it since .* and does not answer`))
        assert.match(error.hint, new RegExp(`harness daemon logs.*kill -KILL ${process.pid}\\b`))
        return true
      },
    )
  })

  it('is said with how it gets a new token, when that is lost', async () => {
    await using _ = await takeOwnership(statePaths(directory))
    await assert.rejects(connectIfRunning({stateDirectory: directory, client, clock: later()}), {
      code: 'UNAUTHORIZED',
      hint: 'Run `harness daemon restart`: a new one is made, and services keep running.',
    })
  })

  it('is nothing of the kind when the owner is dead: its lock is gone with it', async () => {
    const owner = {pid: process.pid, startedAt: '2026-01-01T00:00:00.000Z'}
    await writeFile(statePaths(directory).lock, JSON.stringify(owner), {mode: 0o600})
    assert.equal(await connectIfRunning({stateDirectory: directory, client, clock: later()}), undefined)
  })
})

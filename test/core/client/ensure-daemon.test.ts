import {strict as assert} from 'node:assert'
import {mkdtemp, rename, rm, stat, writeFile} from 'node:fs/promises'
import {createRequire} from 'node:module'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {fileURLToPath, pathToFileURL} from 'node:url'
import {afterEach, beforeEach, describe, it} from 'mocha'
import {systemClock} from '../../../src/core/base/clock.js'
import {statePaths} from '../../../src/core/base/state-directory.js'
import {ensureDaemon, type EnsureOptions} from '../../../src/core/client/ensure-daemon.js'
import {startTinyDaemon} from '../transport/tiny-daemon.js'

const fixture = fileURLToPath(new URL('fixture-daemon.ts', import.meta.url))
const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href

describe('ensureDaemon', function () {
  this.timeout(20_000)
  let directory: string
  let launched: number[]
  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'harness-ensure-'))
    launched = []
  })
  afterEach(() => rm(directory, {recursive: true}))

  const options = (command: readonly string[]): EnsureOptions => ({
    stateDirectory: directory,
    command,
    env: process.env,
    client: {name: 'test', version: '1.0.0'},
    clock: systemClock,
    onLaunch: (pid) => launched.push(pid),
  })
  const daemon = (): readonly string[] => [process.execPath, '--import', tsx, fixture, directory]

  it('launches one daemon for two callers at once, with a private log', async () => {
    const clients = await Promise.all([ensureDaemon(options(daemon())), ensureDaemon(options(daemon()))])
    const pids = clients.map(({hello}) => hello.daemon.pid)
    try {
      assert.equal(pids[0], pids[1])
      assert.ok(launched.length >= 1 && launched.every((pid) => pid === pids[0]))
      assert.equal((await stat(statePaths(directory).log)).mode & 0o777, 0o600)
      launched = []
      await using third = await ensureDaemon(options(['/nonexistent']))
      assert.equal(third.hello.daemon.pid, pids[0])
      assert.deepEqual(launched, [])
    } finally {
      for (const client of clients) await client[Symbol.asyncDispose]()
      process.kill(pids[0]!, 'SIGKILL')
    }
  })

  it('says why a daemon died at its start, with the last lines of its log', async () => {
    const script = 'for (let n = 1; n <= 30; n += 1) console.error("line " + n); process.exit(3)'
    await assert.rejects(
      ensureDaemon(options([process.execPath, '-e', script])),
      (error: Error & {code: string; details: {lastLines: string[]}}) => {
        assert.equal(error.code, 'DAEMON_START_FAILED')
        assert.match(error.message, /it ended with code 3/)
        assert.equal(error.details.lastLines.length, 20)
        assert.equal(error.details.lastLines.at(-1), 'line 30')
        return true
      },
    )
    assert.deepEqual(launched, [])
  })

  it('ends with the error that the daemon tells of itself', async () => {
    const data = {code: 'STATE_WRITE_FAILED', subject: '/there', reason: 'no space', hint: 'Free some.'}
    const message = JSON.stringify({startFailure: {code: -32000, message: 'no', data}})
    const script = `console.error('a line'); process.send(${message}, () => process.exit(5))`
    await assert.rejects(ensureDaemon(options([process.execPath, '-e', script])), {
      code: 'STATE_WRITE_FAILED',
      message: "The state in '/there' could not be written: no space.",
      hint: 'Free some.',
    })
  })

  it('says when the program cannot be run at all', async () => {
    await assert.rejects(ensureDaemon(options(['/nonexistent/harness'])), {code: 'DAEMON_START_FAILED'})
  })

  it('does not launch a second daemon beside one that refuses us', async () => {
    await using running = await startTinyDaemon()
    const {token} = statePaths(running.directory)
    await rename(token, `${token}.old`)
    await writeFile(token, 'f'.repeat(64), {mode: 0o600})
    const refused = ensureDaemon({...options(daemon()), stateDirectory: running.directory})
    await assert.rejects(refused, {code: 'UNAUTHORIZED'})
    assert.deepEqual(launched, [])
  })
})

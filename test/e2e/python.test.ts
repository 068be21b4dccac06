import assert from 'node:assert/strict'
import {execFile, spawn, type ChildProcess} from 'node:child_process'
import {once} from 'node:events'
import {mkdtemp, readFile, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {promisify} from 'node:util'
import {after, before, describe, it} from 'mocha'
import {root, Sandbox, until} from '../support/harness.js'

const program = path.join(root, 'examples/python/harness_client.py')
const run = promisify(execFile)

describe('the Python client', function () {
  this.timeout(180_000)
  let folder: string
  let python: string

  before(async function () {
    folder = await mkdtemp(path.join(tmpdir(), 'harness-python-'))
    try {
      await run('python3', ['-m', 'venv', folder])
      python = path.join(folder, 'bin', 'python')
      await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', 'websockets'])
    } catch (error) {
      if (process.env['CI'] === 'true') throw error
      console.log(`      skipped: python3 with venv, pip and a registry is missing here (${String(error)})`)
      this.skip()
    }
  })

  after(() => rm(folder, {recursive: true, force: true}))

  it('is short', async () => {
    const lines = (await readFile(program, 'utf8')).trimEnd().split('\n')
    assert.ok(lines.length <= 60, `${lines.length} lines`)
  })

  for (const USE_TLS of [undefined, '1']) {
    it(`starts a stack and follows it over ${USE_TLS ? 'TLS' : 'the socket'}, also when the daemon is killed`, async () => {
      await using sandbox = await Sandbox.make()
      const file = await sandbox.write(`
services:
  db: {type: process, binary: sleep, args: ['1000'], restart: {policy: always, delay: 100ms}}
  api: {type: process, binary: sleep, args: ['1000'], dependencies: [db]}
`)
      assert.equal((await sandbox.run('daemon', 'start')).code, 0)
      const client = spawn(python, [program, file, 'api'], {
        cwd: sandbox.folder,
        env: {...sandbox.env, ...(USE_TLS ? {USE_TLS} : {})},
      })
      const ended = once(client, 'exit')
      try {
        const output = new Output(client)
        await output.has(/^db Starting$/m)
        await output.has(/^api Running$/m)
        await output.has(/'started': \['db', 'api'\]/)
        await output.has(/^now \{'db': 'Running', 'api': 'Running'\}$/m)
        assert.equal((await sandbox.run('stop', 'api')).code, 0)
        await output.has(/^\d+ api Running -> Stopping$/m)
        await output.has(/^\d+ api Stopping -> Stopped$/m)
        await sandbox.killDaemon()
        assert.equal((await sandbox.run('daemon', 'start')).code, 0)
        await output.has(/^now \{'db': 'Running', 'api': 'Stopped'\}$/m)
        assert.equal((await sandbox.run('stop')).code, 0)
        await output.has(/^\d+ db Stopping -> Stopped$/m)
        const events = output.text.split('\n').filter((line) => /^\d+ api/.test(line))
        assert.equal(new Set(events).size, events.length, 'no event comes twice')
      } finally {
        client.kill('SIGINT')
        await ended
      }
    })
  }
})

class Output {
  text = ''

  constructor(child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (data: Buffer) => (this.text += data.toString()))
    }
  }

  async has(pattern: RegExp): Promise<void> {
    await until(() => pattern.test(this.text), `the client prints ${String(pattern)}`).catch((error: unknown) => {
      throw new Error(`It printed:\n${this.text}`, {cause: error})
    })
  }
}

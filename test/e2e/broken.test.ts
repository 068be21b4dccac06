import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {Sandbox} from '../support/harness.js'

const sleeper = (name: string, more = ''): string =>
  `  ${name}:\n    type: process\n    binary: sleep\n    args: ['1000']\n${more}`

interface Case {
  readonly what: string
  readonly file: string
  readonly code: 3 | 4
  readonly says: readonly RegExp[]
}

const cases: readonly Case[] = [
  {
    what: 'broken YAML',
    file: 'services:\n  api: {type: process\n',
    code: 3,
    says: [/harness\.yaml:\d+:\d+ {2}error {2}CONFIG_SYNTAX/],
  },
  {
    what: 'an unknown key',
    file: `services:\n${sleeper('api', '    healthcheck: {tcp: 80}\n')}`,
    code: 3,
    says: [/harness\.yaml:6:5 {2}error {2}CONFIG_UNKNOWN_KEY/, /did you mean 'health_check'/],
  },
  {
    what: 'an unknown dependency',
    file: `services:\n${sleeper('store')}${sleeper('api', '    dependencies: [stoer]\n')}`,
    code: 3,
    says: [/harness\.yaml:10:20 {2}error {2}CONFIG_UNKNOWN_DEPENDENCY/, /did you mean 'store'/],
  },
  {
    what: 'a cycle',
    file: `services:\n${sleeper('a', '    dependencies: [b]\n')}${sleeper('b', '    dependencies: [a]\n')}`,
    code: 3,
    says: [/CONFIG_CYCLE/, /a -> b -> a/],
  },
  {
    what: 'a missing binary',
    file: 'services:\n  api: {type: process, binary: no-such-program-here}\n',
    code: 4,
    says: [/api/, /no-such-program-here/, /PATH/],
  },
  {
    what: 'a bad working directory',
    file: `services:\n${sleeper('api', '    working_dir: nowhere\n')}`,
    code: 4,
    says: [/api/, /working directory.*nowhere.*does not exist/],
  },
  {
    what: 'a service that exits at once',
    file: `services:\n  api: {type: process, binary: sh, args: [-c, 'echo the reason why; exit 3']}\n`,
    code: 4,
    says: [/api/, /exit 3/, /the reason why/, /harness logs api/],
  },
  {
    what: 'a health check that never passes',
    file: `services:\n${sleeper('api', '    startup_timeout: 500ms\n    health_check: {tcp: 1}\n')}`,
    code: 4,
    says: [/api/, /not ready after 500 ms/, /harness logs api/],
  },
]

describe('a broken stack', function () {
  this.timeout(30_000)

  for (const {what, file, code, says} of cases) {
    it(`with ${what} gives one clear answer and exit ${code}`, async () => {
      await using sandbox = await Sandbox.make()
      await sandbox.write(file)
      const start = await sandbox.run('start')
      const text = start.stdout + start.stderr
      assert.equal(start.code, code, text)
      for (const pattern of says) assert.match(text, pattern)
      assert.doesNotMatch(text, /^\s+at .*:\d+:\d+\)?$/m, 'no stack trace')

      const kept = what === 'a health check that never passes' ? 1 : 0
      const left = (await sandbox.processes()).length
      const daemons = await sandbox.daemonPid().then(
        () => 1,
        () => 0,
      )
      // The one that is kept for inspection has its shim beside it; a daemon has its launcher.
      assert.ok(left <= daemons * 2 + kept * 2, `${left} processes are left`)

      const {stdout, code: jsonCode} = await sandbox.run('start', '--json')
      assert.equal(jsonCode, code)
      JSON.parse(stdout)
    })
  }

  it('does not disturb what runs already', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(`services:\n${sleeper('api')}`)
    assert.equal((await sandbox.run('start')).code, 0)
    const before = await sandbox.json<{services: {pid: number; state: string}[]}>('status')
    await sandbox.write(`services:\n${sleeper('api', '    dependencies: [nothing]\n')}`)
    assert.equal((await sandbox.run('start')).code, 3)
    const after = await sandbox.json<{services: {pid: number; state: string}[]}>('status')
    assert.equal(after.services[0]?.pid, before.services[0]?.pid)
    assert.equal(after.services[0]?.state, 'Running')
  })
})

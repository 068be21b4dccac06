import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import type {StackStatus} from '../../src/core/contract/status.js'
import {Sandbox, until} from '../support/harness.js'
import {beginHeard, beginOnTerminal, endOf, hasTerminals} from '../support/heard.js'

const script = 'trap "echo bye; exit 0" TERM; echo hello; while :; do sleep 0.1; done'
const stack = `
services:
  db: {type: process, binary: sleep, args: ['1000']}
  api: {type: process, binary: sh, args: [-c, '${script}'], dependencies: [db]}
`

/** Nothing of the stack runs; the daemon ends by itself a little later. */
async function assertNothingLeft(sandbox: Sandbox): Promise<void> {
  const {services} = await sandbox.json<StackStatus>('status')
  assert.deepEqual(
    services.filter(({pid, state}) => pid !== null || !['Failed', 'NotStarted', 'Stopped'].includes(state)),
    [],
  )
  await until(async () => (await sandbox.processes()).length === 0, 'nothing is left', 20_000)
}

describe('start --foreground', function () {
  this.timeout(90_000)

  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    it(`shows all logs with names, and stops everything on ${signal}, with ${code}`, async () => {
      await using sandbox = await Sandbox.make()
      await sandbox.write(stack)
      const command = beginHeard(sandbox, 'start', '--foreground')
      await until(() => /^api +│ hello$/m.test(command.text()), 'the log is shown')
      command.child.kill(signal)
      assert.deepEqual(await endOf(command), {code, signal: null})
      assert.match(command.text(), /^api +│ bye$/m, 'to the last line')
      assert.match(command.text(), /api +Stopped[^]*db +Stopped/, 'in order')
      await assertNothingLeft(sandbox)
    })
  }

  it('leaves nothing when it is interrupted while it starts', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(`
services:
  slow: {type: process, binary: sleep, args: ['1000'], min_uptime: 1h}
  late: {type: process, binary: sleep, args: ['1000'], dependencies: [slow]}
`)
    const command = beginHeard(sandbox, 'start', '--foreground')
    await until(() => /slow +Starting/.test(command.text()), 'it starts')
    command.child.kill('SIGINT')
    assert.deepEqual(await endOf(command), {code: 130, signal: null})
    await assertNothingLeft(sandbox)
  })

  it('ends the task that it runs, and leaves alone what ran before', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(`
services:
  db: {type: process, binary: sleep, args: ['1000']}
  api: {type: process, binary: sleep, args: ['1000'], dependencies: [db, {task: long}]}
tasks:
  long: {task_type: command, target: {type: process, binary: sleep, args: ['1000']}}
`)
    await sandbox.run('start', 'db')
    const command = beginHeard(sandbox, 'start', '--foreground', 'api')
    await until(() => /long +Running/.test(command.text()), 'the task runs')
    command.child.kill('SIGINT')
    assert.deepEqual(await endOf(command), {code: 130, signal: null})
    const {services, tasks} = await sandbox.json<StackStatus>('status')
    assert.deepEqual(
      services.map(({name, state}) => `${name} ${state}`),
      ['db Running', 'api NotStarted'],
    )
    assert.equal(tasks[0]?.state, 'Failed')
    await sandbox.run('stop')
    await assertNothingLeft(sandbox)
  })

  it('forces the stop with a second Ctrl-C', async () => {
    await using sandbox = await Sandbox.make()
    const stubborn = 'trap "" TERM; echo hello; while :; do sleep 0.1; done'
    await sandbox.write(
      `services:\n  api: {type: process, binary: sh, args: [-c, '${stubborn}'], shutdown_timeout: 1h}\n`,
    )
    const command = beginHeard(sandbox, 'start', '--foreground')
    await until(() => command.text().includes('hello'), 'it runs')
    command.child.kill('SIGINT')
    await until(() => /api +Stopping/.test(command.text()), 'it is stopping')
    command.child.kill('SIGINT')
    assert.deepEqual(await endOf(command), {code: 130, signal: null})
    await assertNothingLeft(sandbox)
  })

  it('leaves what ran before it', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(stack)
    assert.equal((await sandbox.run('start', 'db')).code, 0)
    const command = beginHeard(sandbox, 'start', '--foreground')
    await until(() => command.text().includes('hello'), 'it runs')
    command.child.kill('SIGINT')
    assert.equal((await endOf(command)).code, 130)
    const {services} = await sandbox.json<StackStatus>('status')
    assert.deepEqual(
      services.map(({name, state}) => `${name} ${state}`),
      ['db Running', 'api Stopped'],
    )
  })

  it('ends when all services have: with 0 when all ended well, else with 4', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(
      `services:\n  one: {type: process, binary: echo, args: [done]}\n  two: {type: process, binary: sh, args: [-c, 'sleep 0.5']}\n`,
    )
    const well = await sandbox.run('start', '--foreground')
    assert.equal(well.code, 0, well.stderr)
    assert.match(well.stdout, /^one +│ done$/m)
    await sandbox.write(`services:\n  one: {type: process, binary: sh, args: [-c, 'sleep 0.5; exit 9']}\n`, 'bad.yaml')
    assert.equal((await sandbox.run('start', '--foreground', '-c', 'bad.yaml')).code, 4)
    await assertNothingLeft(sandbox)
  })

  it('--ci ends with the first failure, and with 4', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(`
services:
  slow: {type: process, binary: sleep, args: ['1000'], min_uptime: 1h}
  bad: {type: process, binary: sh, args: [-c, 'echo oh no; exit 7'], min_uptime: 10s}
`)
    const ran = await sandbox.run('start', '--foreground', '--ci')
    assert.equal(ran.code, 4, ran.stderr)
    assert.match(ran.stderr, /✖ bad failed: /)
    assert.doesNotMatch(ran.stderr, /✖ slow/)
    await assertNothingLeft(sandbox)
  })

  it('--ci ends with a failure that comes once all is up, and says so to programs', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(`
services:
  long: {type: process, binary: sleep, args: ['1000']}
  bad: {type: process, binary: sh, args: [-c, 'sleep 1; exit 7'], dependencies: [long]}
`)
    const ran = await sandbox.run('start', '--foreground', '--ci', '--json')
    assert.equal(ran.code, 4, ran.stderr)
    assert.match(ran.stderr, /✖ bad failed: /)
    const lines = ran.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as {start?: {started: string[]}; ended?: object})
    assert.deepEqual(lines[0]?.start?.started, ['long', 'bad'])
    assert.deepEqual(lines.at(-1)?.ended, {code: 4, why: 'failure', failed: ['bad']})
    assert.equal((await sandbox.run('start', '--exit-code-from', 'long', '--ci')).code, 4)
    await assertNothingLeft(sandbox)
  })

  it('stops everything when nobody reads it any more', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(stack.replace('echo hello;', 'echo hello; sleep 1; echo again; sleep 1; echo more;'))
    const command = beginHeard(sandbox, 'start', '--foreground')
    await until(() => command.text().includes('hello'), 'it runs')
    const end = endOf(command)
    command.child.stdout?.destroy()
    assert.deepEqual(await end, {code: 129, signal: null})
    await assertNothingLeft(sandbox)
  })

  it('on a terminal ends with Ctrl-C, and when the terminal is closed', async function () {
    if (!hasTerminals()) this.skip()
    await using sandbox = await Sandbox.make()
    await sandbox.write(stack)
    const pressed = beginOnTerminal(sandbox, 'start', '--foreground')
    await until(() => pressed.text().includes('hello'), 'it runs')
    pressed.child.stdin?.write('\x03')
    assert.equal((await endOf(pressed)).code, 130)
    assert.match(pressed.text(), /bye/)

    const closed = beginOnTerminal(sandbox, 'start', '--foreground')
    await until(() => closed.text().includes('hello'), 'it runs again')
    const end = endOf(closed)
    closed.child.kill('SIGKILL')
    await end
    const stopped = async (): Promise<boolean> =>
      (await sandbox.json<StackStatus>('status')).services.every(({state}) => state === 'Stopped')
    await until(stopped, 'all is stopped')
    await assertNothingLeft(sandbox)
  })
})

describe('start --exit-code-from', function () {
  this.timeout(60_000)

  const withTests = (body: string): string =>
    `services:\n  db: {type: process, binary: sleep, args: ['1000']}\n  tests: {type: process, binary: sh, args: [-c, '${body}'], dependencies: [db]}\n`

  it('shows the logs, stops the stack when the service ends, and has its exit code', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(withTests('echo testing; sleep 0.5; exit 3'))
    const failed = await sandbox.run('start', '--exit-code-from', 'tests')
    assert.equal(failed.code, 3, failed.stderr)
    const failedInCi = await sandbox.run('start', '--exit-code-from', 'tests', '--ci')
    assert.equal(failedInCi.code, 3, failedInCi.stderr)
    assert.match(failed.stdout, /^tests │ testing$/m)
    await sandbox.write(withTests('sleep 0.5'))
    assert.equal((await sandbox.run('start', '--exit-code-from', 'tests', '--ci')).code, 0)
    await sandbox.write(withTests('sleep 0.5; kill -9 $$$$'))
    assert.equal((await sandbox.run('start', '--exit-code-from', 'tests')).code, 137)
    assert.equal((await sandbox.run('start', '--exit-code-from', 'nope')).code, 2)
    await assertNothingLeft(sandbox)
  })

  it('is 4 when somebody else stops the service, or it cannot start', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(withTests('echo testing; exec sleep 1000'))
    const command = beginHeard(sandbox, 'start', '--exit-code-from', 'tests', '--json')
    await until(() => command.text().includes('"testing"'), 'it runs')
    const end = endOf(command)
    assert.equal((await sandbox.run('stop', 'tests')).code, 0)
    assert.equal((await end).code, 4)
    const lines = command.out().trim().split('\n')
    assert.deepEqual(JSON.parse(lines.at(-1) ?? ''), {ended: {code: 4, why: 'exit', failed: []}})
    await sandbox.write(withTests('exit 0').replace('binary: sleep', 'binary: /nowhere'))
    assert.equal((await sandbox.run('start', '--exit-code-from', 'tests')).code, 4)
    await assertNothingLeft(sandbox)
  })
})

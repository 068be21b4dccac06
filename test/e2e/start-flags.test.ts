import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import type {
  HistoryEntry,
  ServiceStatus,
  StackStatus,
  StartOutcome,
  StopOutcome,
} from '../../src/core/contract/status.js'
import type {PlannedStep} from '../../src/core/protocol/notifications.js'
import {isAlive, Sandbox, until} from '../support/harness.js'
import {beginHeard, endOf} from '../support/heard.js'

interface Planned {
  readonly steps: readonly PlannedStep[]
}

const sleeper = "{type: process, binary: sleep, args: ['1000']}"

describe('start', function () {
  this.timeout(60_000)

  it('--dry-run prints the same plan twice, with causes, and starts nothing', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(`
services:
  db: ${sleeper}
  api: {type: process, binary: sleep, args: ['1000'], dependencies: [db]}
  web: {type: process, binary: sleep, args: ['1000'], dependencies: [api]}
  other: ${sleeper}
`)
    const {steps} = await sandbox.json<Planned>('start', 'api', '--dry-run')
    assert.deepEqual(steps, [
      {kind: 'service', name: 'db', action: 'start', cause: 'needed by api', after: []},
      {kind: 'service', name: 'api', action: 'start', cause: 'asked for', after: ['db']},
    ])
    const words = await sandbox.run('start', '--dry-run')
    assert.deepEqual((await sandbox.run('start', '--dry-run')).stdout, words.stdout)
    assert.match(words.stdout, /^ACTION +NAME +WHY +AFTER\nstart +db +asked for\nstart +api +asked for +db\n/)
    const {services} = await sandbox.json<StackStatus>('status')
    assert.deepEqual([...new Set(services.map(({state}) => state))], ['NotStarted'])
  })

  it('--no-deps starts only what is named, --restart restarts what runs, --parallel bounds it', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(`
services:
  db: ${sleeper}
  api: {type: process, binary: sleep, args: ['1000'], dependencies: [db]}
`)
    const alone = await sandbox.json<StartOutcome>('start', 'api', '--no-deps')
    assert.deepEqual(alone.started, ['api'])
    const again = await sandbox.json<StartOutcome>('start', '--restart', '--parallel', '1')
    assert.deepEqual([...again.started].sort(), ['api', 'db'])
    const {services} = await sandbox.json<StackStatus>('status')
    assert.deepEqual(
      services.map(({name, attempt}) => `${name} ${attempt}`),
      ['db 1', 'api 2'],
    )
    assert.equal((await sandbox.run('start', '--parallel', '0')).code, 2)
  })

  it('--rollback-on-failure and --ci stop what they began, and leave what ran', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(`
services:
  kept: ${sleeper}
  db: ${sleeper}
  slow: {type: process, binary: sleep, args: ['1000'], min_uptime: 1h}
  bad: {type: process, binary: sh, args: [-c, 'echo oh no; exit 7'], min_uptime: 10s, dependencies: [db]}
`)
    assert.equal((await sandbox.run('start', 'kept')).code, 0)
    const plain = await sandbox.run('start', 'bad', '--rollback-on-failure')
    assert.equal(plain.code, 4)
    assert.match(plain.stderr, /✖ bad failed: .*7\.\n {2}│ oh no\n/)
    assert.match(plain.stderr, /^Rolled back: db was stopped again\.$/m)
    // A service that would take an hour does not hold up the failure of another.
    const ci = await sandbox.run('start', '--ci', '--json')
    assert.equal(ci.code, 4)
    const outcome = JSON.parse(ci.stdout) as StartOutcome
    assert.deepEqual(
      outcome.failed.map(({name, exit}) => `${name} ${exit?.code}`),
      ['bad 7'],
    )
    assert.deepEqual([...outcome.rolledBack].sort(), ['db', 'slow'])
    const {services} = await sandbox.json<StackStatus>('status')
    assert.deepEqual(
      services.filter(({pid, state}) => pid !== null && state !== 'Failed').map(({name}) => name),
      ['kept'],
    )
  })

  it('--ci leaves nothing either when it takes too long, or is told to end', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write("services:\n  slow: {type: process, binary: sleep, args: ['1000'], min_uptime: 1h}\n")
    const late = await sandbox.json<StartOutcome>('start', '--ci', '--timeout', '300ms')
    assert.deepEqual([late.failed, late.rolledBack], [[], ['slow']])
    const command = beginHeard(sandbox, 'start', '--ci')
    await until(() => /slow +Starting/.test(command.text()), 'it starts')
    command.child.kill('SIGTERM')
    assert.deepEqual(await endOf(command), {code: 143, signal: null})
    assert.equal((await sandbox.run('start', '--ci', '--timeout', '300ms')).code, 4)
    const {services} = await sandbox.json<StackStatus>('status')
    assert.deepEqual([services[0]?.state, services[0]?.pid], ['Stopped', null])
  })

  it('--no-wait returns once the daemon has begun, --timeout once patience is over; the start goes on', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(`
services:
  slow: {type: process, binary: sleep, args: ['1000'], min_uptime: 3s}
  late: {type: process, binary: sleep, args: ['1000'], dependencies: [slow]}
`)
    const begun = await sandbox.run('start', '--no-wait')
    assert.equal(begun.code, 0)
    assert.match(begun.stdout, /: 2 to start\. See how they stand with `harness status`/)
    const impatient = await sandbox.run('start', '--timeout', '10ms', '--restart', 'slow', '--json')
    assert.equal(impatient.code, 4)
    const {error} = JSON.parse(impatient.stdout) as {error: {code: string; details: {pending: {name: string}[]}}}
    assert.equal(error.code, 'STACK_FAILED')
    assert.equal(error.details.pending[0]?.name, 'slow')
    const up = async (): Promise<boolean> =>
      (await sandbox.json<StackStatus>('status')).services.every(({state}) => state === 'Running')
    await until(up, 'both run all the same')
    assert.equal((await sandbox.run('start', '--no-wait', '--timeout', '1s')).code, 2)
  })

  it('is well with a one-shot that ended, and knows at once of one that never gets ready', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(`
services:
  once: {type: process, binary: 'true'}
  after: {type: process, binary: sleep, args: ['1000'], dependencies: [{service: once, condition: succeeded}]}
`)
    assert.equal((await sandbox.run('start')).code, 0)
    await sandbox.write(
      `
services:
  never: {type: process, binary: sh, args: [-c, 'sleep 0.3; exit 0'], health_check: {tcp: 1}, startup_timeout: 1h}
  after: {type: process, binary: sleep, args: ['1000'], dependencies: [never]}
`,
      'never.yaml',
    )
    const never = await sandbox.run('start', '-c', 'never.yaml')
    assert.equal(never.code, 4, never.stderr)
  })
})

describe('an edit', function () {
  this.timeout(60_000)

  it('is planned and carried out by apply; what is in the file no more is an orphan', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(`services:\n  same: ${sleeper}\n  old: ${sleeper}\n  edited: ${sleeper}\n`)
    assert.equal((await sandbox.run('apply')).code, 0)
    await sandbox.write(
      `services:\n  same: ${sleeper}\n  edited: {type: process, binary: sleep, args: ['2000']}\n  new: ${sleeper}\n`,
    )
    const planned = await sandbox.json<Planned & {orphans: readonly string[]}>('apply', '--dry-run')
    assert.deepEqual(
      planned.steps.map(({name, action, cause}) => `${action} ${name}: ${cause}`),
      ['keep same: runs already', 'restart edited: its definition changed', 'start new: asked for'],
    )
    assert.deepEqual(planned.orphans, ['old'])
    const start = await sandbox.run('start')
    assert.equal(start.code, 0)
    assert.match(start.stderr, /^Restarted edited: its definition changed\.$/m)
    assert.match(
      start.stderr,
      /^old runs and is not in the file any more\. `harness apply --remove-orphans` stops it\.$/m,
    )
    assert.match((await sandbox.run('status')).stdout, /^old \(not in the file\) +Running/m)
    const applied = await sandbox.json<StartOutcome & {removed: readonly string[]}>('apply', '--remove-orphans')
    assert.deepEqual([applied.removed, applied.orphans], [['old'], []])
    assert.deepEqual([...applied.unchanged].sort(), ['edited', 'new', 'same'])
    assert.match((await sandbox.run('apply')).stderr, /^Everything is as the file says\.$/m)
  })
})

describe('scale, info and status --history', function () {
  this.timeout(60_000)

  it('change the number of replicas live, and tell how each came to be', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(
      `services:\n  api: {type: process, binary: sh, args: [-c, 'echo port 4711; exec sleep 1000'], health_check: {log: 'port (?<port>\\d+)'}}\n`,
    )
    assert.equal((await sandbox.run('start')).code, 0)
    const first = (await sandbox.json<StackStatus>('status')).services[0]?.pid
    const up = await sandbox.run('scale', 'api=3')
    assert.equal(up.stdout, 'api=3: started api-2, api-3.\n')
    const {services} = await sandbox.json<StackStatus>('status')
    assert.deepEqual(
      services.map(({name}) => name),
      ['api', 'api-2', 'api-3'],
    )
    assert.equal(services[0]?.pid, first, 'the first went on')
    const down = await sandbox.json<{services: readonly (StopOutcome & {replicas: number})[]}>('scale', 'api=1')
    assert.deepEqual([...(down.services[0]?.stopped ?? [])].sort(), ['api-2', 'api-3'])
    assert.equal((await sandbox.run('scale', 'nope=2')).code, 2)

    const info = await sandbox.json<{
      services: readonly (ServiceStatus & {history: readonly HistoryEntry[]; definition: {target: object} | null})[]
    }>('info', 'api')
    assert.deepEqual(info.services[0]?.outputs, {port: '4711'})
    assert.deepEqual(
      info.services[0].history.map(({event}) => event),
      ['start', 'ready'],
    )
    assert.ok(info.services[0].definition)
    const words = await sandbox.run('info', 'api')
    assert.match(words.stdout, /output port +4711/)
    assert.match(words.stdout, /NotStarted → Starting/)
    assert.match((await sandbox.run('status', '--history')).stdout, /^api Running\n {2}AT .*\n.*NotStarted → Starting/m)
    const data = await sandbox.json<{services: readonly {history: readonly HistoryEntry[]}[]}>('status', '--history')
    assert.equal(data.services[0]?.history.length, 2)
    assert.equal((await sandbox.run('info', 'nope')).code, 2)
  })
})

describe('restart', function () {
  this.timeout(60_000)

  it('names what was restarted with it, and leaves that alone with --no-deps', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(`
services:
  db: ${sleeper}
  api: {type: process, binary: sleep, args: ['1000'], dependencies: [{service: db, restart: true}]}
`)
    assert.equal((await sandbox.run('start')).code, 0)
    const both = await sandbox.run('restart', 'db')
    assert.match(both.stderr, /^Restarted db\.\nRestarted with db: api\.$/m)
    const alone = await sandbox.json<StartOutcome & {restarted: readonly object[]}>('restart', 'db', '--no-deps')
    assert.deepEqual(alone.restarted, [{name: 'db', cause: 'asked for'}])
  })
})

describe('stop', function () {
  this.timeout(60_000)

  const stubborn =
    '{type: process, binary: sh, args: [-c, \'trap "" TERM; while :; do sleep 0.1; done\'], shutdown_timeout: 1h}'

  it('refuses while others need it, with the flags to type; forces what outlives --timeout', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(
      `services:\n  db: ${stubborn}\n  api: {type: process, binary: sleep, args: ['1000'], dependencies: [db]}\n`,
    )
    assert.equal((await sandbox.run('start')).code, 0)
    const refused = await sandbox.run('stop', 'db')
    assert.equal(refused.code, 2)
    assert.match(refused.stderr, /api needs it\.\n.*--with-dependents.*--force/)
    const alone = await sandbox.run('stop', 'db', '--force', '--timeout', '200ms')
    assert.equal(alone.code, 0)
    assert.equal(alone.stdout, 'Stopped db.\n')
    assert.equal((await sandbox.run('stop', '--timeout', 'soon')).code, 2)
  })

  it('goes on after Ctrl-C, is forced by a second one, and leaves nothing', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(`services:\n  db: ${stubborn}\n`)
    assert.equal((await sandbox.run('start')).code, 0)
    const pid = (await sandbox.json<StackStatus>('status')).services[0]?.pid ?? 0
    const command = beginHeard(sandbox, 'stop')
    await until(() => command.text().includes('Stopping'), 'it is stopping')
    command.child.kill('SIGINT')
    await until(() => command.text().includes('Ctrl-C again forces it'), 'the first Ctrl-C is answered')
    assert.equal(await isAlive(pid), true)
    command.child.kill('SIGINT')
    assert.equal((await endOf(command)).code, 130)
    assert.equal(await isAlive(pid), false)
  })
})

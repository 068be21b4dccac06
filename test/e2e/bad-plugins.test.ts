import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {until, Sandbox, type Ran} from '../support/harness.js'
import {useFixturePlugins} from '../support/user-plugins.js'

/** What is said of a plugin that is not loaded, and the plugins that it is said of. */
const refusals: Readonly<Record<string, RegExp>> = {
  'throws-in-load': /its module could not be loaded: the native part is missing/,
  'throws-in-hook': /its hook failed: no licence file/,
  'cli-error': /its hook failed: log in first/,
  'exits-in-hook': /its hook failed: it called process\.exit\(3\)/,
  nonsense: /its hook answered no plugin: .*summary must be a string, found 7/,
  'brings-twice': /it brings the task type 'twice' twice/,
  'duplicate-of-core': /'@service-harness\/cli' wins/,
  'rival-one': /none of them is loaded/,
  'rival-two': /none of them is loaded/,
  'older-api': /it takes host API \^0\.9, this is 1\.\d/,
  'newer-api': /it takes host API \^2\.0, this is 1\.\d/,
  'no-api': /its package\.json names no host API/,
}
const bad = 'harness-plugin-bad'

const stack = `
services: {sleeper: {type: process, binary: sleep, args: ["600"]}}
tasks: {deploy: {task_type: good-deploy}}
`
const sleeper = (type: string): string => `{service_type: ${type}, shutdown_timeout: 1s}`
const machine = (kind: string): string => `{type: ${kind}, shutdown_timeout: 1s}`

/** Commands that look, or go on. */
const commands = [
  ...[
    '--version',
    '--help',
    'status',
    'ls',
    'info sleeper',
    'types',
    'schema',
    'config',
    'deps',
    'env sleeper',
    'validate',
    'health',
  ],
  ...['registry list', 'registry topology', 'daemon status', 'daemon logs', 'task list', 'action list', 'plugins'],
  ...['task run deploy', 'restart sleeper'],
]

/** Names it, its version and its kind, and what to do. */
function assertNamed({stderr}: Ran, name: string, reason: RegExp): void {
  const lines = stderr.split('\n')
  const at = lines.findIndex((line) => line.includes(`harness-plugin-${name}'`) && reason.test(line))
  const fix = lines[at + 1] ?? ''
  assert.ok(at >= 0, `${name} in ${stderr}`)
  assert.match(lines[at] ?? '', /1\.2\.3 \(link\)/)
  const other = lines.find((line) => line.includes(`plugins uninstall harness-plugin-${name}`)) ?? fix
  assert.match(other, /harness plugins (uninstall|update) harness-plugin-/)
}

async function wellWith(sandbox: Sandbox, ...args: readonly string[]): Promise<Ran> {
  const ran = await sandbox.run(...args)
  assert.equal(ran.code, 0, `${args.join(' ')}: ${ran.stderr}`)
  return ran
}

interface Report {
  readonly services: readonly {readonly name: string; readonly state: string; readonly reason: string | null}[]
}

/** Why each service is as it is. */
async function reasons(sandbox: Sandbox): Promise<ReadonlyMap<string, string>> {
  const {services} = await sandbox.json<Report>('status')
  return new Map(services.map(({name, state, reason}) => [name, `${state} ${reason ?? ''}`]))
}

describe('bad plugins of the user', function () {
  this.timeout(120_000)

  it('are named when they cannot be loaded; every command, the daemon and the other plugins go on', async () => {
    await using sandbox = await Sandbox.make()
    await useFixturePlugins(sandbox, [...Object.keys(refusals), 'good', 'registers-late'])
    await sandbox.write(stack)
    await wellWith(sandbox, 'start', 'sleeper')
    const types = await wellWith(sandbox, 'types')
    for (const [name, reason] of Object.entries(refusals)) assertNamed(types, name, reason)
    assert.match(types.stdout, /^good-deploy +task type/m)
    assert.match(types.stdout, /^in-time +task type/m)
    assert.doesNotMatch(types.stdout, /too-late|still-later|fought-over|never-seen/)
    const info = await sandbox.json<{problems: readonly {name: string}[]}>('daemon', 'status')
    assert.deepEqual(
      info.problems.map(({name}) => name).sort(),
      Object.keys(refusals)
        .map((name) => `harness-plugin-${name}`)
        .sort(),
    )
    for (const command of commands) await wellWith(sandbox, ...command.split(' '))
    for (const name of ['throws-in-load', 'exits-in-hook', 'rival-one'])
      await wellWith(sandbox, 'plugins', 'uninstall', `harness-plugin-${name}`)
    const after = await wellWith(sandbox, 'types')
    assert.doesNotMatch(after.stderr, /throws-in-load|exits-in-hook|rival/)
    assert.match(after.stdout, /^fought-over +task type/m)
    await wellWith(sandbox, 'stop')
    await wellWith(sandbox, 'daemon', 'stop')
  })

  it('hold up a daemon and a command for 10 s when they never come to an end of loading, and each further one for half of that', async () => {
    await using sandbox = await Sandbox.make()
    await useFixturePlugins(sandbox, ['never-settles', 'awaits-for-ever', 'good'])
    await sandbox.write(stack)
    const [started, types] = await Promise.all([sandbox.run('start'), sandbox.run('types')])
    assert.equal(started.code, 0, started.stderr)
    assertNamed(types, 'awaits-for-ever', /its module did not settle within 10\.0 s/)
    assertNamed(types, 'never-settles', /its hook did not settle within 5\.0 s/)
    assert.match((await wellWith(sandbox, 'status')).stdout, /sleeper +Running/)
    await wellWith(sandbox, 'stop')
  })

  it('are ended when they never give the thread back; commands, the daemon and the other plugins go on', async () => {
    await using sandbox = await Sandbox.make()
    await useFixturePlugins(sandbox, ['loops-in-load', 'loops-in-hook', 'good'])
    await sandbox.write(stack)
    // One after the other: each keeps a core busy until its plugins are ended.
    await wellWith(sandbox, 'start', '--no-wait')
    const types = await wellWith(sandbox, 'types')
    assert.doesNotMatch(types.stderr, /debugger/i)
    assertNamed(types, 'loops-in-hook', /its hook never gave the thread back, and was ended after 10\.0 s/)
    assertNamed(types, 'loops-in-load', /its module never gave the thread back, and was ended after 5\.0 s/)
    assert.match(types.stdout, /^good-deploy +task type/m)
    await until(async () => /sleeper +Running/.test((await wellWith(sandbox, 'status')).stdout), 'the service runs')
    const {problems} = await sandbox.json<{problems: readonly {name: string}[]}>('daemon', 'status')
    assert.equal(problems.length, 2)
    await wellWith(sandbox, 'stop')
    await wellWith(sandbox, 'plugins', 'uninstall', 'harness-plugin-loops-in-hook', 'harness-plugin-loops-in-load')
    assert.equal((await wellWith(sandbox, 'types')).stderr, '')
    await wellWith(sandbox, 'daemon', 'stop')
  })

  it('end nothing by what they do later: throw, reject, exit, leave a timer', async () => {
    await using sandbox = await Sandbox.make()
    await useFixturePlugins(sandbox, ['throws-later', 'rejects-later', 'exits-later', 'stays-open', 'good'])
    await sandbox.write(stack)
    const validated = await wellWith(sandbox, 'validate')
    assertNamed(validated, 'throws-later', /failed after it was loaded: the timer broke/)
    assertNamed(validated, 'rejects-later', /failed after it was loaded: the promise broke/)
    assertNamed(validated, 'exits-later', /failed after it was loaded: it called process\.exit\(3\)/)
    await wellWith(sandbox, 'start')
    const pid = await sandbox.daemonPid()
    const log = async (): Promise<string> => (await sandbox.run('daemon', 'logs', '--tail', 'all')).stdout
    for (const [name, what] of [
      ['throws-later', 'the timer broke'],
      ['rejects-later', 'the promise broke'],
      ['exits-later', 'it called process'],
    ] as const) {
      const line = new RegExp(`${what}.*plugin 'harness-plugin-${name}' 1\\.2\\.3 \\(link\\).*plugins uninstall`)
      await until(async () => line.test(await log()), `the log names ${name}`)
    }
    assert.match((await wellWith(sandbox, 'status')).stdout, /sleeper +Running/)
    assert.equal(await sandbox.daemonPid(), pid)
    await wellWith(sandbox, 'stop')
    await wellWith(sandbox, 'daemon', 'stop')
  })

  it('are named when their executors throw, hang or give nonsense; services of others, status, stop and shutdown go on', async () => {
    await using sandbox = await Sandbox.make()
    await useFixturePlugins(sandbox, ['bad-executors', 'good'])
    const kinds = ['throws-in-intent', 'throws-in-start', 'hangs-in-start', 'answers-nonsense', 'throws-in-stop']
    const later = ['hangs-in-stop', 'throws-in-recover', 'hangs-in-recover', 'hangs-in-networks']
    const lines = [...kinds, ...later].map((kind) => `  ${kind}: ${machine(kind)}`)
    await sandbox.write(`services:\n  sleeper: {type: process, binary: sleep, args: ["600"]}\n${lines.join('\n')}\n`)
    await wellWith(sandbox, 'start', '--no-wait')
    const is = async (name: string, state: RegExp): Promise<boolean> =>
      state.test((await reasons(sandbox)).get(name) ?? '')
    const named = `.*in plugin '${bad}-executors' 1\\.2\\.3 \\(link\\)`
    for (const [name, what] of [
      ['throws-in-intent', 'intent: it is not'],
      ['throws-in-start', 'start: it is not'],
      ['answers-nonsense', 'it gave no workload'],
    ] as const)
      await until(() => is(name, new RegExp(`Failed .*${what}${named}`)), name)
    for (const name of ['sleeper', 'hangs-in-stop', 'hangs-in-recover']) await until(() => is(name, /^Running/), name)
    const [topology, stopped] = await Promise.all([
      sandbox.run('registry', 'topology'),
      sandbox.run('stop', 'hangs-in-start', 'throws-in-stop', 'hangs-in-stop'),
    ])
    assert.match(topology.stdout + topology.stderr, new RegExp(`networks did not settle${named}`))
    assert.equal(stopped.code, 4, stopped.stderr)
    assert.match(stopped.stderr, new RegExp(`hangs-in-stop.*stop did not settle within 11\\.0 s${named}`))
    assert.match(stopped.stderr, new RegExp(`throws-in-stop.*stop: it is not a function${named}`))
    assert.ok(await is('hangs-in-start', /^Stopped/))

    await wellWith(sandbox, 'daemon', 'restart')
    assert.ok(await is('sleeper', /^Running/))
    const end = await sandbox.run('stop', 'sleeper', 'throws-in-recover', 'hangs-in-recover')
    assert.match(end.stderr, new RegExp(`recover: it is not a function${named}`))
    assert.match(end.stderr, new RegExp(`recover did not settle within 4\\.0 s${named}`))
    assert.ok(await is('sleeper', /^Stopped/))
    await wellWith(sandbox, 'daemon', 'stop')
  })

  it('are named when their types throw, hang or answer nonsense; the others go on', async () => {
    await using sandbox = await Sandbox.make()
    await useFixturePlugins(sandbox, ['bad-types', 'good'])
    await sandbox.write(`services: {bad: ${sleeper('throws-in-defaults')}}`)
    const named = new RegExp(`in plugin '${bad}-types' 1\\.2\\.3 \\(link\\)`)
    const invalid = await sandbox.run('validate')
    assert.equal(invalid.code, 3)
    assert.match(invalid.stdout + invalid.stderr, /cannot tell one: .*defaults: it is not a function/)
    assert.match(invalid.stdout + invalid.stderr, named)

    const types = ['throws-in-setup', 'throws-in-process-event', 'strange-events', 'bad-actions']
    await sandbox.write(
      `services:\n  sleeper: {type: process, binary: sleep, args: ["600"]}\n${types.map((type) => `  ${type}: ${sleeper(type)}\n`).join('')}` +
        'tasks:\n  throws: {task_type: throws-in-run}\n  nonsense: {task_type: answers-nonsense}\n' +
        '  hangs: {task_type: hangs-in-run, timeout: 1s}\n  deploy: {task_type: good-deploy}\n',
    )
    const started = await sandbox.run('start', 'sleeper', ...types)
    assert.deepEqual([started.code, named.test(started.stderr)], [4, true], started.stderr)
    const states = await reasons(sandbox)
    assert.match(states.get('throws-in-setup') ?? '', /^Failed setup: isComplete: it is not a function/)
    for (const name of ['sleeper', 'throws-in-process-event', 'strange-events', 'bad-actions'])
      assert.match(states.get(name) ?? '', /^Running/)

    const act = (name: string, ...more: readonly string[]): Promise<Ran> =>
      sandbox.run('action', 'run', 'bad-actions', name, ...more)
    for (const [name, reason] of [
      ['throws', /it is not a function/],
      ['throws-nothing', /undefined/],
      ['nonsense', /not its output/],
      ['endless', /circular/],
    ] as const) {
      const ran = await act(name)
      assert.equal(ran.code, 4)
      assert.match(ran.stderr, reason)
      assert.match(ran.stderr, new RegExp(`plugin '${bad}-types' 1\\.2\\.3 \\(link\\)`))
    }
    const hung = await act('hangs', '--timeout', '100ms')
    assert.match(hung.stderr, /it took longer than 100 ms/)
    assert.equal((await act('strange')).stdout, '{"number":7}\ndone\n')
    assert.equal((await act('well')).stdout, 'well\n')

    for (const [name, reason] of [
      ['throws', /it is not a function/],
      ['nonsense', /not its output/],
      ['hangs', /not done after 1\.0 s/],
    ] as const) {
      const ran = await sandbox.run('task', 'run', name)
      assert.equal(ran.code === 0, false)
      assert.match(ran.stderr, reason)
      if (name !== 'hangs') assert.match(ran.stderr, new RegExp(`plugin '${bad}-types' 1\\.2\\.3 \\(link\\)`))
    }
    await wellWith(sandbox, 'task', 'run', 'deploy')
    const log = (await sandbox.run('daemon', 'logs', '--tail', 'all')).stdout
    assert.match(
      log,
      /events of a service are heard no more.*processEvent: it is not a function, in plugin 'harness-plugin-bad-types'/,
    )
    assert.match(log, /events are dropped.*strange-events, of plugin 'harness-plugin-bad-types'/)
    await wellWith(sandbox, 'stop')
    await wellWith(sandbox, 'daemon', 'stop')
  })
})

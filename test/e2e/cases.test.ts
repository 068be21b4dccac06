import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import type {StackStatus, StartOutcome} from '../../src/core/contract/status.js'
import {Sandbox, until} from '../support/harness.js'

/** A service that runs this script; `$` belongs to the shell. */
const sh = (name: string, script: string, ...more: readonly string[]): string =>
  [
    `  ${name}:`,
    '    type: process',
    '    binary: sh',
    `    args: [-c, ${JSON.stringify(script.replaceAll('$', '$$$$'))}]`,
    ...more.map((line) => `    ${line}`),
  ].join('\n')
const file = (...services: readonly string[]): string => `name: cases\nservices:\n${services.join('\n')}\n`

// Cases 1 to 14 and 16 are in test/core/stack/cases.test.ts.
describe('cases that other orchestrators got wrong first, from the command line', function () {
  this.timeout(60_000)

  it('15: values of env: one with =, an object, null, $$, and ${ in a comment', async () => {
    await using sandbox = await Sandbox.make()
    const env = (...lines: readonly string[]): string =>
      file(sh('api', 'echo "[$EQUAL] [$DOLLAR] [${GONE-removed}]"')) +
      ['    env:', ...lines.map((line) => `      ${line}`), ''].join('\n')
    await sandbox.write(env('# ${NOT_READ:?never}', 'EQUAL: a=b=c', 'DOLLAR: cost $$5', 'GONE: null'))
    process.env['GONE'] = 'there'
    const started = await sandbox.run('start').finally(() => delete process.env['GONE'])
    assert.equal(started.code, 0, started.stderr)
    const logs = await sandbox.json<{text: string}>('logs', 'api', '--tail', '1')
    assert.equal(logs.text, '[a=b=c] [cost $5] [removed]')

    await sandbox.write(env('DOLLAR: {nested: object}'))
    const refused = await sandbox.run('validate')
    assert.equal(refused.code, 3)
    assert.match(refused.stdout + refused.stderr, /harness\.yaml:\d+:\d+.*services\.api\.env\.DOLLAR/)
  })

  it('17: a start with a one-shot that is done is 0; with one that never gets ready it is 4 as soon as that is certain', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(
      file(
        sh('once', 'echo done'),
        sh('api', 'exec sleep 600', 'dependencies: [{service: once, condition: succeeded}]'),
      ),
    )
    const good = await sandbox.run('start', '--wait')
    assert.equal(good.code, 0, good.stderr)
    await sandbox.write(
      file(sh('once', 'sleep 0.2; exit 5', "health_check: {command: 'false'}", 'startup_timeout: 1h')),
    )
    const began = performance.now()
    const bad = await sandbox.run('start', '--wait')
    assert.equal(bad.code, 4)
    assert.ok(performance.now() - began < 30_000)
    assert.match(bad.stdout + bad.stderr, /exit 5/)
  })

  it('18: to act on an unknown name is an error; a stop when nothing runs is 0 with a message', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(file(sh('api', 'exec sleep 600')))
    for (const words of [['start'], ['stop'], ['restart'], ['logs'], ['status'], ['task', 'run']]) {
      await sandbox.run('start')
      const {code, stderr, stdout} = await sandbox.run(...words, 'ghost')
      assert.notEqual(code, 0, words.join(' '))
      assert.match(stderr + stdout, /ghost/)
    }
    await sandbox.run('stop')
    const again = await sandbox.run('stop')
    assert.equal(again.code, 0)
    assert.match(again.stdout + again.stderr, /[Nn]othing/)
  })

  it('19: with --json standard output holds JSON alone, also when the daemon was started on the way', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(file(sh('api', 'exec sleep 600')))
    const {stdout, stderr, code} = await sandbox.run('start', '--json')
    assert.equal(code, 0, stderr)
    assert.deepEqual((JSON.parse(stdout) as StartOutcome).started, ['api'])
    await sandbox.killDaemon()
    const status = await sandbox.run('status', '--json')
    assert.equal((JSON.parse(status.stdout) as StackStatus).services[0]?.state, 'Running')
    const unknown = await sandbox.run('start', 'ghost', '--json')
    assert.equal((JSON.parse(unknown.stdout) as {error: {code: string}}).error.code, 'SERVICE_UNKNOWN')
    await sandbox.run('stop', '--json').then(({stdout: text}) => JSON.parse(text) as unknown)
    await until(async () => (await sandbox.processes()).length === 0, 'nothing is left')
  })
})

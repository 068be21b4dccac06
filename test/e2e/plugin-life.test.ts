import assert from 'node:assert/strict'
import {execFile} from 'node:child_process'
import {readFile, symlink, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {promisify} from 'node:util'
import {describe, it} from 'mocha'
import type {StackStatus} from '../../src/core/contract/status.js'
import {Sandbox} from '../support/harness.js'
import {startNpmRegistry} from '../support/npm-registry.js'

describe('the life of a plugin', function () {
  this.timeout(240_000)

  it('is generated, tested, published, installed, used, updated under services that go on, and uninstalled', async () => {
    await using registry = await startNpmRegistry({withOthers: true})
    await using author = await Sandbox.make()
    const [shelf, runner] = [path.join(author.folder, 'shelf'), path.join(author.folder, 'runner')]
    await ok(author, 'plugins', 'new', 'shelf', '--kind', 'domain')
    await ok(author, 'plugins', 'new', 'runner', '--kind', 'executor')
    await npm(shelf, 'install', '--prefer-offline', '--no-audit', '--no-fund')
    await symlink(path.join(shelf, 'node_modules'), path.join(runner, 'node_modules'))
    await npm(runner, 'run', 'build')
    await npm(shelf, 'test')
    await npm(runner, 'test')
    await registry.publish(shelf)
    await registry.publish(runner)

    await using user = await Sandbox.make()
    const data = path.join(path.dirname(user.state), 'data')
    user.variables = {...registry.env, HARNESS_NO_USER_PLUGINS: undefined, HARNESS_DATA_DIR: data}
    await user.write(stack)
    const early = await user.run('start')
    assert.equal(early.code, 3)
    assert.match(early.stderr, /No plugin brings the target type 'runner'/)
    await ok(user, 'plugins', 'install', 'harness-plugin-shelf', 'harness-plugin-runner')
    await ok(user, 'daemon', 'restart')
    await ok(user, 'start')
    const before = await user.json<StackStatus>('status')
    assert.deepEqual(before.services.map(({name, state}) => `${name} ${state}`).sort(), [
      'books Running',
      'clock Running',
      'reader Running',
    ])
    assert.deepEqual(before.tasks[0]?.outputs, {stored: 1})
    assert.match(await ok(user, 'action', 'run', 'books', 'list'), /"moby":"dick"|moby/)
    assert.match(await ok(user, 'shelf', 'keys', 'books'), /moby/)

    await republish(shelf, '0.2.0')
    await registry.publish(shelf)
    await ok(user, 'plugins', 'update')
    const told = await user.run('status')
    assert.match(told.stderr, /harness-plugin-shelf 0\.1\.0 became 0\.2\.0[^]*harness daemon restart/)
    await ok(user, 'daemon', 'restart')
    assert.match(await ok(user, 'types', 'shelf'), /from harness-plugin-shelf 0\.2\.0\nThe second edition\./)
    const after = await user.json<StackStatus>('status')
    const pidOf = ({services}: StackStatus, wanted: string) => services.find(({name}) => name === wanted)?.pid
    assert.equal(pidOf(after, 'books'), pidOf(before, 'books'), 'the service has gone on')
    assert.match(await ok(user, 'action', 'run', 'books', 'list'), /moby/)

    await ok(user, 'stop')
    await ok(user, 'plugins', 'uninstall', 'harness-plugin-shelf', 'harness-plugin-runner')
    await ok(user, 'daemon', 'restart')
    assert.equal((await user.run('types', 'shelf')).code, 2)
    assert.match(await ok(user, 'plugins'), /No plugins installed/)
  })
})

const stack = `
name: library
services:
  books: {service_type: shelf}
  clock: {type: runner, script: 'while :; do echo tick; sleep 0.2; done', health_check: {log: tick}}
  reader: {type: process, binary: sleep, args: ['600'], dependencies: [{task: fill}]}
tasks:
  fill: {task_type: shelf-seed, config: {store: books, entries: {moby: dick}}}
`

async function ok(box: Sandbox, ...args: readonly string[]): Promise<string> {
  const {code, stdout, stderr} = await box.run(...args)
  assert.equal(code, 0, `harness ${args.join(' ')}\n${stdout}\n${stderr}`)
  return stdout
}

/** A version that says something else of itself. */
async function republish(folder: string, version: string): Promise<void> {
  const change = async (file: string, pattern: RegExp, text: string): Promise<void> => {
    const content = await readFile(path.join(folder, file), 'utf8')
    assert.match(content, pattern)
    await writeFile(path.join(folder, file), content.replace(pattern, text))
  }
  await change('package.json', /"version": "[^"]*"/, `"version": "${version}"`)
  await change('src/service-type.ts', /summary: '[^']*'/, "summary: 'The second edition.'")
  await npm(folder, 'run', 'build')
}

/** As a person at a terminal: what npm tells its scripts about this repository is not about that folder. */
async function npm(cwd: string, ...args: readonly string[]): Promise<void> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_OPTIONS$)/i.test(name)))
  const ran = promisify(execFile)('npm', args, {cwd, env, maxBuffer: 16 * 1024 * 1024})
  await ran.catch((error: unknown) => {
    const {stdout = '', stderr = ''} = error as {readonly stdout?: string; readonly stderr?: string}
    assert.fail(`npm ${args.join(' ')} in ${cwd}\n${stdout}\n${stderr}`)
  })
}

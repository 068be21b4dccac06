import assert from 'node:assert/strict'
import {execFile} from 'node:child_process'
import {access, symlink} from 'node:fs/promises'
import path from 'node:path'
import {promisify} from 'node:util'
import {after, before, describe, it} from 'mocha'
import {pluginKinds, type PluginTemplate} from '../../src/cli/plugins/new/plugin-kinds.js'
import type {StackStatus} from '../../src/core/contract/status.js'
import {Sandbox} from '../support/harness.js'
import {needs} from '../support/needs.js'

const kinds = Object.keys(pluginKinds) as PluginTemplate[]

/** The only one that needs more than the others at run time. */
const greatest: PluginTemplate = 'domain'

describe('harness plugins new', function () {
  this.timeout(180_000)
  let box: Sandbox
  const folderOf = (kind: PluginTemplate): string => path.join(box.folder, `new-${kind}`)

  before(async function () {
    box = await Sandbox.make()
    const data = path.join(path.dirname(box.state), 'data')
    box.variables = {HARNESS_NO_USER_PLUGINS: undefined, HARNESS_DATA_DIR: data}
    await Promise.all(
      kinds.map(async (kind) => {
        const {code, stderr} = await box.run('plugins', 'new', `new-${kind}`, '--kind', kind)
        assert.equal(code, 0, stderr)
      }),
    )
    await npm(folderOf(greatest), 'install', '--prefer-offline', '--no-audit', '--no-fund').catch((error: unknown) => {
      needs(this, !unreachable.test(String(error)), 'the npm registry')
      throw error
    })
    const installed = path.join(folderOf(greatest), 'node_modules')
    for (const kind of kinds) if (kind !== greatest) await symlink(installed, path.join(folderOf(kind), 'node_modules'))
  })
  after(() => box[Symbol.asyncDispose]())

  for (const kind of kinds) {
    it(`writes a plugin that passes its own tests, lint and type check: ${kind}`, async () => {
      await Promise.all([npm(folderOf(kind), 'test'), checked(folderOf(kind))])
    })
  }

  it('writes plugins that can be linked and used at once', async () => {
    for (const kind of kinds) {
      if (kind !== greatest) await npm(folderOf(kind), 'run', 'build')
      await good('plugins', 'link', '--no-install', folderOf(kind))
    }
    await box.write(stack)
    await good('start')
    const {services, tasks} = await box.json<StackStatus>('status')
    for (const {name, state} of services) assert.equal(state, 'Running', name)
    assert.deepEqual(
      tasks.map(({name, state, outputs}) => [name, state, outputs]),
      [
        ['seed', 'Succeeded', {stored: 2}],
        ['tests', 'Succeeded', {passed: 1, failed: 0}],
      ],
    )
    assert.match(await good('new-domain', 'keys', 'two'), /greeting/)
    assert.match(await good('types', 'new-layer'), /niceness/)
    assert.match(await good('logs', 'clock'), /tick/)
    assert.match(await good('logs', 'polite'), /│ 19$/m)
    await good('stop')
  })

  it('leaves a folder that has something in it as it is', async () => {
    const {code, stderr} = await box.run('plugins', 'new', 'new-layer', '--kind', 'executor')
    assert.equal(code, 2)
    assert.match(stderr, /is there already, and is no empty folder/)
    await assert.rejects(access(path.join(folderOf('layer'), 'src/executor.ts')))
  })

  async function good(...args: readonly string[]): Promise<string> {
    const {code, stdout, stderr} = await box.run(...args)
    assert.equal(code, 0, `${args.join(' ')}\n${stdout}\n${stderr}`)
    return stdout
  }
})

/** What npm says where no registry answers. */
const unreachable = /EAI_AGAIN|ECONNREFUSED|ENOTCACHED|ENOTFOUND|ETIMEDOUT/

const stack = `
services:
  clock: {type: new-executor, script: 'while :; do echo tick; sleep 0.2; done', health_check: {log: tick}}
  one: {service_type: new-service}
  two: {service_type: new-domain}
  polite:
    {type: process, binary: sh, args: ['-c', 'nice; exec sleep 600'], working_dir: ., health_check: {log: '^\\d+$'}, layers: [{type: new-layer, niceness: 19}]}
  last: {type: process, binary: sleep, args: ['600'], dependencies: [{task: seed}, {task: tests}]}
tasks:
  seed: {task_type: new-domain-seed, config: {store: two, entries: {a: '1', b: '2'}}}
  tests: {task_type: new-task, target: {type: process, binary: printf, args: ['ok 1 - adds']}}
`

async function checked(folder: string): Promise<void> {
  await npm(folder, 'run', 'typecheck')
  await npm(folder, 'run', 'lint')
}

/** As a person at a terminal: what npm tells its scripts about this repository is not about that folder. Rejects with all that was printed. */
async function npm(cwd: string, ...args: readonly string[]): Promise<void> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_OPTIONS$)/i.test(name)))
  await promisify(execFile)('npm', args, {cwd, env, maxBuffer: 16 * 1024 * 1024}).catch((error: unknown) => {
    const {stdout, stderr} = error as {readonly stdout: string; readonly stderr: string}
    assert.fail(`npm ${args.join(' ')} in ${cwd}\n${stdout}\n${stderr}`)
  })
}

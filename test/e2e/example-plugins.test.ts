import assert from 'node:assert/strict'
import {execFile, spawnSync} from 'node:child_process'
import {cp, mkdir, mkdtemp, readdir, rm, symlink} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {promisify} from 'node:util'
import {after, before, describe, it} from 'mocha'
import {root, Sandbox} from '../support/harness.js'
import {needs} from '../support/needs.js'

const scope = '@service-harness'

/** The examples as `npm install` leaves them, with what is installed here already, and this harness as their host. */
async function install(folder: string): Promise<void> {
  await cp(path.join(root, 'examples', 'plugins'), folder, {
    recursive: true,
    filter: (file) => !['dist', 'node_modules'].includes(path.basename(file)),
  })
  const [from, to] = [path.join(root, 'node_modules'), path.join(folder, 'node_modules')]
  await mkdir(path.join(to, scope), {recursive: true})
  const names = (await readdir(from)).filter((name) => name !== scope)
  await Promise.all(names.map((name) => symlink(path.join(from, name), path.join(to, name))))
  await symlink(root, path.join(to, scope, 'cli'))
}

describe('the example plugins', function () {
  this.timeout(120_000)
  let folder: string
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'harness-examples-'))
    await install(folder)
  })
  after(() => rm(folder, {recursive: true, force: true}))

  const npm = async (plugin: string, script: string): Promise<void> => {
    const options = {cwd: path.join(folder, plugin), env: {...process.env, CI: 'true'}}
    await promisify(execFile)('npm', ['run', script], options).catch((error: unknown) => {
      const {stdout = '', stderr = ''} = error as {stdout?: string; stderr?: string}
      assert.fail(`npm run ${script} of ${plugin} failed:\n${stdout}\n${stderr}`)
    })
  }

  it('every: is built, passes its tests, and runs in a stack', async () => {
    await npm('every', 'build')
    await npm('every', 'test')
    await using box = await Sandbox.make()
    box.variables = {HARNESS_NO_USER_PLUGINS: undefined, HARNESS_DATA_DIR: path.join(path.dirname(box.state), 'data')}
    const link = await box.run('plugins', 'link', '--no-install', path.join(folder, 'every'))
    assert.equal(link.code, 0, link.stderr)
    await box.write('services: {tick: {type: every, command: [echo, tick], seconds: 0.05}}\n')
    const start = await box.run('start')
    assert.equal(start.code, 0, start.stderr)
    assert.match((await box.run('logs')).stdout, /tick/)
    assert.equal((await box.run('stop')).code, 0)
  })

  it('redis: is built, passes its tests, and runs in a stack', async function () {
    needs(this, isInstalled('redis-server'), 'redis-server')
    await npm('redis', 'build')
    await npm('redis', 'test')
    await using box = await Sandbox.make()
    box.variables = {HARNESS_NO_USER_PLUGINS: undefined, HARNESS_DATA_DIR: path.join(path.dirname(box.state), 'data')}
    const link = await box.run('plugins', 'link', '--no-install', path.join(folder, 'redis'))
    assert.match(link.stderr, /brings service type 'redis' \(3 actions\), task type 'redis-load'/)
    await box.write('services: {cache: {service_type: redis}}\n')
    const start = await box.run('start')
    assert.equal(start.code, 0, start.stderr)
    assert.equal((await box.run('action', 'run', 'cache', 'set', '-p', 'key=colour', '-p', 'value=green')).code, 0)
    assert.equal((await box.run('action', 'run', 'cache', 'get', '-p', 'key=colour')).stdout, '{"value":"green"}\n')
  })
})

function isInstalled(program: string): boolean {
  return spawnSync(program, ['--version'], {stdio: 'ignore'}).status === 0
}

import assert from 'node:assert/strict'
import {readFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'mocha'
import {root, Sandbox} from '../support/harness.js'

interface Probed {
  readonly stack: string
  readonly name: string
  readonly env?: Readonly<Record<string, string>>
  readonly summary: string
}

const stack = `
name: shop
services: {api: {type: process, binary: sleep, args: ['600'], env: {KEY: '\${secret.key}'}}}
secrets: {key: {env: SHOP_KEY}}
`

/** With a plugin whose command prints what it is lent. */
async function probing(): Promise<Sandbox> {
  const sandbox = await Sandbox.make()
  const data = path.join(path.dirname(sandbox.state), 'data')
  sandbox.variables = {HARNESS_DATA_DIR: data, HARNESS_NO_USER_PLUGINS: '', SHOP_KEY: 'a-very-secret-key'}
  const plugin = path.join(root, 'test/fixtures/plugins/asks-host')
  const {code, stderr} = await sandbox.run('plugins', 'link', plugin, '--no-install')
  assert.equal(code, 0, stderr)
  await sandbox.write(stack)
  return sandbox
}

describe('the client that a command of a plugin is lent', function () {
  this.timeout(60_000)

  it('starts a daemon, which does not get what the secrets of the stack come from', async () => {
    await using sandbox = await probing()
    const found = await sandbox.json<Probed>('probe')
    assert.deepEqual([found.name, found.summary], ['shop', 'The state of services and tasks.'])
    const environment = await readFile(`/proc/${await sandbox.daemonPid()}/environ`, 'utf8')
    assert.equal(environment.includes('SHOP_KEY'), false)
    assert.equal((await sandbox.json<Probed>('probe', '--stack', 'shop')).stack, found.stack)
  })

  it('opens the stack as its file is now, with what a start is given', async () => {
    await using sandbox = await probing()
    assert.equal((await sandbox.json<Probed>('probe')).name, 'shop')
    await sandbox.write(stack.replace('shop', 'store'))
    const {name, env = {}} = await sandbox.json<Probed>('probe', '--open', '-c', 'harness.yaml')
    assert.deepEqual([name, env['secret.key'], env['SHOP_KEY']], ['store', 'a-very-secret-key', undefined])
  })

  it('fails as commands of harness do', async () => {
    await using sandbox = await probing()
    const codeOf = async (...args: readonly string[]) => {
      const {code, stdout} = await sandbox.run('probe', ...args, '--json')
      return [code, (JSON.parse(stdout) as {error: {code: string}}).error.code]
    }
    assert.deepEqual(await codeOf('--no-start'), [7, 'DAEMON_UNREACHABLE'])
    assert.deepEqual(await codeOf('-c', 'nowhere.yaml'), [3, 'CONFIG_NOT_FOUND'])
    assert.deepEqual(await codeOf('--stack', 'other'), [2, 'STACK_UNKNOWN'])
    await sandbox.write('services: 7\n')
    assert.deepEqual(await codeOf(), [3, 'CONFIG_INVALID'])
  })
})

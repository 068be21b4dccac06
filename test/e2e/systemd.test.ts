import assert from 'node:assert/strict'
import {mkdirSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'
import type {StackStatus} from '../../src/core/contract/status.js'
import {temporaryFolder} from '../core/process/temporary.js'
import {bin, isAlive, Sandbox, until} from '../support/harness.js'
import {needs} from '../support/needs.js'
import {hasSystemd, startSystemManager, startUserManager} from '../support/systemd.js'

const statusOf = async (sandbox: Sandbox, name: string) => {
  const {services} = await sandbox.json<StackStatus>('status')
  const found = services.find((service) => service.name === name)
  assert.ok(found)
  return found
}

describe('services of systemd', function () {
  this.timeout(120_000)

  it('outlive the daemon, are found again by it, restarted and stopped, and nothing is left', async function () {
    needs(this, hasSystemd(), 'systemd, and root')
    await using manager = await startUserManager()
    await using sandbox = await Sandbox.make()
    sandbox.variables = manager.env
    await manager.unit(
      'shop-db.service',
      '[Service]\nType=exec\nExecStart=/bin/sh -c "echo db is up; exec sleep 600"\n',
    )
    await sandbox.write(`
name: shop
services:
  db:
    type: systemd
    scope: user
    unit: shop-db
    health_check: {log: is up}
  api:
    type: systemd
    scope: user
    binary: sh
    args: [-c, 'echo "api of $$NAME"; i=0; while :; do i=$$((i+1)); echo "tick $$i"; sleep 0.2; done']
    env: {NAME: shop}
    health_check: {log: api of shop}
    dependencies: [db]
`)
    const started = await sandbox.run('start')
    assert.equal(started.code, 0, started.stdout + started.stderr)
    const [db, api] = [await statusOf(sandbox, 'db'), await statusOf(sandbox, 'api')]
    assert.ok(db.pid !== null && api.pid !== null)
    const mainPid = async (unit: string): Promise<number> =>
      Number((await manager.systemctl('show', '--property=MainPID', unit)).trim().split('=')[1])
    assert.equal(db.pid, await mainPid('shop-db.service'))
    const [unit = ''] = await manager.units('harness-*')
    assert.match(unit, /^harness-shop.*-api-.*\.service$/)
    assert.equal(api.pid, await mainPid(unit))

    await sandbox.killDaemon()
    assert.equal(await isAlive(api.pid), true)
    const again = [await statusOf(sandbox, 'db'), await statusOf(sandbox, 'api')]
    assert.deepEqual(
      again.map(({pid, state, attempt}) => ({pid, state, attempt})),
      [db, api].map(({pid, state, attempt}) => ({pid, state, attempt})),
    )
    const logs = await sandbox.run('logs', 'api', '--tail', '100000')
    const ticks = [...logs.stdout.matchAll(/tick (\d+)/g)].map(([, count]) => Number(count))
    assert.notEqual(ticks.length, 0)
    assert.deepEqual(
      ticks,
      ticks.map((_, index) => index + 1),
      'no line is missing, and none is there twice',
    )
    assert.match((await sandbox.run('logs', 'db')).stdout, /db is up/)
    const {stdout} = await sandbox.run('exec', 'api', '--', 'sh', '-c', 'echo "beside $NAME"')
    assert.equal(stdout.trim(), 'beside shop')

    const restarted = await sandbox.run('restart', 'api')
    assert.equal(restarted.code, 0, restarted.stdout + restarted.stderr)
    const anew = await statusOf(sandbox, 'api')
    assert.ok(anew.pid !== null && anew.pid !== api.pid)
    assert.equal(await isAlive(api.pid), false)
    assert.equal((await manager.units('harness-*')).length, 1)

    const stopped = await sandbox.run('stop')
    assert.equal(stopped.code, 0, stopped.stdout + stopped.stderr)
    for (const pid of [db.pid, anew.pid]) assert.equal(await isAlive(pid), false)
    assert.deepEqual(await manager.units('harness-*'), [])
    await until(
      async () => (await manager.systemctl('show', '--property=ActiveState', 'shop-db')).includes('inactive'),
      'db is down',
    )
  })

  it('that cannot start are reported with the reason', async function () {
    needs(this, hasSystemd(), 'systemd, and root')
    await using manager = await startUserManager()
    await using sandbox = await Sandbox.make()
    sandbox.variables = manager.env
    await sandbox.write(`
name: shop
services:
  lost: {type: systemd, scope: user, unit: no-such-unit}
  wrong: {type: systemd, scope: user, binary: sleep, args: ['600'], properties: {MemoryMax: much}}
`)
    const {code, stdout, stderr} = await sandbox.run('start')
    assert.equal(code, 4)
    assert.match(stdout + stderr, /knows no unit 'no-such-unit.service'/)
    assert.match(stdout + stderr, /MemoryMax|much/)
    assert.deepEqual(await manager.units('harness-*'), [])
  })

  it('are there once and no more, whenever the daemon is killed while they start and stop', async function () {
    needs(this, hasSystemd(), 'systemd, and root')
    await using manager = await startUserManager()
    await using sandbox = await Sandbox.make()
    sandbox.variables = manager.env
    const names = ['a', 'b', 'c', 'd', 'e', 'f']
    const entry = (name: string): string => `  ${name}: {type: systemd, scope: user, binary: sleep, args: ['600']}\n`
    await sandbox.write(`name: shop\nservices:\n${names.map(entry).join('')}`)
    for (const units of [1, 4]) {
      const starting = sandbox.run('start')
      await until(async () => (await manager.units('harness-*')).length >= units, 'some have begun')
      await sandbox.killDaemon()
      await starting
      assert.equal((await sandbox.run('start')).code, 0)
      const {services} = await sandbox.json<StackStatus>('status')
      assert.deepEqual(
        services.map(({state}) => state),
        names.map(() => 'Running'),
      )
      assert.equal((await manager.units('harness-*')).length, names.length)
      const stopping = sandbox.run('stop')
      await until(async () => (await manager.units('harness-*')).length < names.length, 'some have ended')
      await sandbox.killDaemon()
      await stopping
      await sandbox.run('stop')
      assert.deepEqual(await manager.units('harness-*'), [])
    }
  })

  it("are root's in the manager of the machine, also as another user", async function () {
    needs(this, hasSystemd(), 'systemd, and root')
    using folder = temporaryFolder()
    await using machine = await startSystemManager()
    const env = {HARNESS_STATE_DIR: path.join(folder.path, 'state'), HARNESS_NO_USER_PLUGINS: '1', NO_COLOR: '1'}
    const stack = path.join(folder.path, 'stack')
    mkdirSync(stack)
    const harness = (...args: readonly string[]): Promise<string> =>
      machine.run(process.execPath, [bin, ...args], {cwd: stack, env})
    const status = async (): Promise<readonly (StackStatus['services'][number] | undefined)[]> => {
      const {services} = JSON.parse(await harness('status', '--json')) as StackStatus
      return ['api', 'short'].map((name) => services.find((service) => service.name === name))
    }
    writeFileSync(
      path.join(stack, 'harness.yaml'),
      `
name: shop
services:
  api:
    {type: systemd, binary: sh, args: [-c, 'id -un; exec sleep 600'], working_dir: /, properties: {User: nobody, ProtectSystem: strict}}
  short: {type: systemd, binary: sh, args: [-c, 'id -un; until [ -e /run/go ]; do sleep 0.05; done; exit 7'], working_dir: /, properties: {User: nobody, PrivateTmp: true}}
`,
    )
    await harness('start')
    await machine.run('systemctl', ['daemon-reload'])
    await machine.run('touch', ['/run/go'])
    await until(async () => (await status())[1]?.exit?.code === 7, 'the end of one that is nobody is known')
    const [api] = await status()
    assert.ok(api)
    assert.equal(api.state, 'Running')
    assert.match(await harness('logs', 'api'), /nobody/)
    assert.match(await machine.run('systemctl', ['list-units', '--plain', 'harness-*']), /harness-shop.*-api-/)
    const daemon = JSON.parse(await harness('daemon', 'status', '--json')) as {pid: number}
    await machine.run('kill', ['-9', String(daemon.pid)])
    assert.deepEqual([(await status())[0]?.pid, (await status())[0]?.state], [api.pid, 'Running'])
    await harness('stop')
    assert.doesNotMatch(await machine.run('systemctl', ['list-units', '--all', '--plain', 'harness-*']), /harness-shop/)
  })
})

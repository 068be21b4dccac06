import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import type {StackStatus} from '../../src/core/contract/status.js'
import {isAlive, Sandbox, until} from '../support/harness.js'
import {needs} from '../support/needs.js'
import {hasSystemd, startUserManager} from '../support/systemd.js'

const statusOf = async (sandbox: Sandbox, name: string) => {
  const {services} = await sandbox.json<StackStatus>('status')
  const found = services.find((service) => service.name === name)
  assert.ok(found)
  return found
}

describe('services of systemd', () => {
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
})

import assert from 'node:assert/strict'
import {writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'
import type {ServiceStatus, StackStatus} from '../../src/core/contract/status.js'
import {Sandbox, until} from '../support/harness.js'
import {LinkProxy} from '../support/link-proxy.js'
import {needs} from '../support/needs.js'
import {hasSshd, startSshd} from '../support/sshd.js'
import {hasSystemd, startUserManager} from '../support/systemd.js'

const statusOf = async (sandbox: Sandbox): Promise<ServiceStatus> => {
  const [found] = (await sandbox.json<StackStatus>('status')).services
  assert.ok(found)
  return found
}

describe('a service of the systemd of another machine', function () {
  this.timeout(90_000)

  it('outlives the daemon and a cut link, with all that it says, and is stopped there', async function () {
    needs(this, hasSystemd() && hasSshd(), 'systemd, sshd, and root')
    await using manager = await startUserManager()
    using sshd = await startSshd({
      enter: ['nsenter', '--mount', '--target', String(manager.pid)],
      settings: [`SetEnv XDG_RUNTIME_DIR=${manager.env['XDG_RUNTIME_DIR'] ?? ''}`],
    })
    await using link = await LinkProxy.to(sshd.port)
    const config = path.join(sshd.folder, 'by-proxy')
    const settings = [`HostName 127.0.0.1`, 'User root', `Port ${link.port}`, `HostKeyAlias [127.0.0.1]:${sshd.port}`]
    const keys = [`IdentityFile ${sshd.key}`, 'IdentitiesOnly yes', `UserKnownHostsFile ${sshd.knownHosts}`]
    writeFileSync(config, ['Host worker', ...settings, ...keys, ''].join('\n'))
    await manager.unit(
      'far-db.service',
      '[Service]\nType=exec\nExecStart=/bin/sh -c "i=0; while :; do i=$$((i+1)); echo tick $$i; sleep 0.1; done"\n',
    )
    await using sandbox = await Sandbox.make()
    await sandbox.write(`
name: shop
services:
  db:
    type: systemd
    scope: user
    unit: far-db
    ports: [5432]
    layers: [{type: ssh, host: worker, config: ${config}}]
    health_check: {command: [sh, -c, '[ -n "$$SSH_CONNECTION" ]'], interval: 1s}
`)
    const started = await sandbox.run('start', '--timeout', '40s')
    assert.equal(started.code, 0, started.stdout + started.stderr)
    const first = await statusOf(sandbox)
    const mainPid = async (): Promise<number> =>
      Number((await manager.systemctl('show', '--property=MainPID', 'far-db')).trim().split('=')[1])
    assert.deepEqual([first.state, first.host, first.pid], ['Running', 'ssh worker', await mainPid()])

    await sandbox.killDaemon()
    await until(async () => (await statusOf(sandbox)).state === 'Running', 'it is found again')
    const again = await statusOf(sandbox)
    assert.deepEqual([again.pid, again.attempt], [first.pid, first.attempt])

    link.cut()
    await until(async () => (await statusOf(sandbox)).reachability === 'unknown', 'it is unknown')
    await sandbox.killDaemon()
    await until(
      async () => (await statusOf(sandbox)).reachability === 'unknown',
      'it is unknown to the next daemon too',
    )
    assert.equal(await mainPid(), first.pid)
    link.mend()
    await until(async () => {
      const {state, reachability} = await statusOf(sandbox)
      return state === 'Running' && reachability !== 'unknown'
    }, 'it is known again')
    assert.deepEqual([(await statusOf(sandbox)).attempt, await mainPid()], [first.attempt, first.pid])

    const stopped = await sandbox.run('stop')
    assert.equal(stopped.code, 0, stopped.stdout + stopped.stderr)
    assert.match(await manager.systemctl('show', '--property=ActiveState', 'far-db'), /=(inactive|failed)/)
    const {stdout} = await sandbox.run('logs', 'db', '--tail', '100000')
    const ticks = [...stdout.matchAll(/tick (\d+)/g)].map(([, count]) => Number(count))
    assert.ok(ticks.length > 50)
    assert.deepEqual(
      ticks,
      ticks.map((_, index) => index + 1),
      'no line is missing, and none is there twice',
    )
  })

  it('is one that exists there: a program is refused before anything starts', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(`
layers: [{type: ssh, host: worker}]
services:
  api: {type: systemd, binary: sleep, args: ['600']}
  db: {type: systemd, unit: postgresql}
`)
    const {code, stdout, stderr} = await sandbox.run('validate')
    assert.equal(code, 3)
    assert.match(
      stdout + stderr,
      /services\.api cannot run in layers: .*units that exist there.*a program on another machine is `type: remote`/,
    )
    assert.doesNotMatch(stdout + stderr, /services\.db cannot/)
  })
})

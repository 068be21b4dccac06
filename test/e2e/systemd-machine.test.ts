import assert from 'node:assert/strict'
import {after, before, describe, it} from 'mocha'
import type {ServiceStatus, StackStatus} from '../../src/core/contract/status.js'
import {TestEngine} from '../plugins/docker/engine.js'
import {bootMachine, hasBootedMachines, type BootedMachine} from '../support/booted-machine.js'
import {until, type Sandbox} from '../support/harness.js'
import {needs} from '../support/needs.js'

describe('a machine whose first process is systemd', function () {
  this.timeout(240_000)
  let engine: TestEngine | undefined
  let machine: BootedMachine | undefined

  before(async function () {
    this.timeout(400_000)
    needs(this, hasBootedMachines(), 'dockerd, sshd, debootstrap, and root')
    engine = await TestEngine.start()
    machine = await bootMachine(engine)
  })

  after(async function () {
    this.timeout(60_000)
    await engine?.stop()
  })

  const statusOf = async (sandbox: Sandbox, name: string): Promise<ServiceStatus> => {
    const found = (await sandbox.json<StackStatus>('status')).services.find((service) => service.name === name)
    assert.ok(found)
    return found
  }

  it('has its units started, watched over the end of a daemon, read and stopped, beside a program of ours', async () => {
    assert.ok(engine && machine)
    const {config, run} = machine
    assert.equal((await run('cat', '/proc/1/comm')).trim(), 'systemd')
    const script = 'i=0; while :; do i=$$((i+1)); echo tick $$i; sleep 0.2; done'
    const unit = `[Service]\nExecStart=/bin/sh -c "${script}"\n`
    await run('sh', '-c', `printf '%s' "$1" > /etc/systemd/system/db.service; systemctl daemon-reload`, 'sh', unit)
    await using sandbox = await engine.sandbox()
    sandbox.variables = {...sandbox.variables, HARNESS_SSH_CONFIG: config}
    await sandbox.write(`
name: far
services:
  db:
    type: systemd
    unit: db
    layers: [{type: ssh, host: machine, config: ${config}}]
    health_check: {command: [sh, -c, 'systemctl is-active db'], interval: 1s}
  watched:
    type: systemd-attach
    unit: ssh
    layers: [{type: ssh, host: machine, config: ${config}}]
  api: {type: remote, host: machine, binary: sleep, args: ['1000'], dependencies: [db]}
`)
    const started = await sandbox.run('start', '--timeout', '60s')
    assert.equal(started.code, 0, started.stdout + started.stderr)
    const property = async (name: string, of: string): Promise<string> =>
      (await run('systemctl', 'show', '--value', `--property=${name}`, of)).trim()
    const db = await statusOf(sandbox, 'db')
    assert.deepEqual([db.state, String(db.pid)], ['Running', await property('MainPID', 'db')])
    assert.equal(String((await statusOf(sandbox, 'watched')).pid), await property('MainPID', 'ssh'))
    const api = await statusOf(sandbox, 'api')
    assert.equal((await run('cat', `/proc/${api.pid}/comm`)).trim(), 'sleep')

    await sandbox.killDaemon()
    await until(async () => (await statusOf(sandbox, 'db')).state === 'Running', 'it is found again')
    for (const {name, pid, attempt} of [db, api]) {
      const again = await statusOf(sandbox, name)
      assert.deepEqual([again.pid, again.attempt], [pid, attempt], name)
    }
    await run('systemctl', 'kill', '--signal=KILL', 'db')
    await until(async () => (await statusOf(sandbox, 'db')).state === 'Failed', 'its end is noticed')

    assert.equal((await sandbox.run('start', 'db', '--timeout', '60s')).code, 0)
    const stopped = await sandbox.run('stop')
    assert.equal(stopped.code, 0, stopped.stdout + stopped.stderr)
    assert.match(await property('ActiveState', 'db'), /^(inactive|failed)$/)
    assert.equal(await property('ActiveState', 'ssh'), 'active')
    await assert.rejects(run('test', '-e', `/proc/${api.pid}`))
    assert.match((await sandbox.run('logs', 'db', '--tail', '1000')).stdout, /tick 1\b/)
  })
})

import assert from 'node:assert/strict'
import {execFile} from 'node:child_process'
import {mkdir, readFile, stat} from 'node:fs/promises'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {promisify} from 'node:util'
import {describe, it} from 'mocha'
import type {StackStatus} from '../../src/core/contract/status.js'
import {bin, isAlive, Sandbox} from '../support/harness.js'

const standIn = fileURLToPath(new URL('../fixtures/systemd', import.meta.url))

/** A configuration folder of its own, and no systemd of this user. */
async function withoutManager(sandbox: Sandbox): Promise<string> {
  const configuration = path.join(path.dirname(sandbox.folder), 'con fig')
  await mkdir(configuration)
  sandbox.variables = {
    XDG_CONFIG_HOME: configuration,
    XDG_RUNTIME_DIR: path.join(configuration, 'none'),
    DBUS_SESSION_BUS_ADDRESS: '',
  }
  return path.join(configuration, 'systemd/user/harness.service')
}

describe('harness daemon install', function () {
  this.timeout(60_000)

  it('shows the unit with --dry-run and does nothing', async () => {
    await using sandbox = await Sandbox.make()
    const file = await withoutManager(sandbox)
    const shown = await sandbox.run('daemon', 'install', '--dry-run', '--listen', '127.0.0.1:7000')
    assert.equal(shown.code, 0)
    assert.ok(
      shown.stdout.includes(
        `ExecStart="${process.execPath}" "${bin}" "daemon" "--background" "--listen" "127.0.0.1:7000"\n`,
      ),
      shown.stdout,
    )
    assert.match(shown.stdout, /^KillMode=process$/m)
    assert.ok(shown.stdout.includes(`Environment="HARNESS_STATE_DIR=${sandbox.state}"\n`))
    await assert.rejects(stat(file), {code: 'ENOENT'})
    const wrong = await sandbox.run('daemon', 'install', '--dry-run', '--listen', '0.0.0.0:7000')
    assert.equal(wrong.code, 2)
  })

  it('writes the unit where no systemd answers, and says what to type where one does', async () => {
    await using sandbox = await Sandbox.make()
    const file = await withoutManager(sandbox)
    const {code, stdout, stderr} = await sandbox.run('daemon', 'install')
    assert.equal(code, 0, stderr)
    assert.equal(stdout, `Wrote ${file}.\n`)
    assert.match(stderr, /No systemd of this user answers here, so the unit is not in use yet: /)
    assert.match(stderr, /`systemctl --user daemon-reload && systemctl --user enable --now harness\.service`/)
    assert.deepEqual(await sandbox.processes(), [])
    const removed = await sandbox.run('daemon', 'uninstall')
    assert.equal(removed.stdout, `Removed ${file}. Services go on.\n`)
    await assert.rejects(stat(file), {code: 'ENOENT'})
    assert.equal((await sandbox.run('daemon', 'uninstall')).stdout, `There is no ${file}.\n`)
  })

  it('writes a unit that systemd understands', async function () {
    const has = await promisify(execFile)('systemd-analyze', ['--version']).catch(() => undefined)
    if (has === undefined) {
      console.log('      skipped: this machine has no systemd-analyze')
      this.skip()
    }
    await using sandbox = await Sandbox.make()
    const file = await withoutManager(sandbox)
    const odd = path.join(sandbox.folder, 'a b%n$x"y\\')
    sandbox.variables = {...sandbox.variables, HARNESS_STATE_DIR: odd, PATH: `${process.env['PATH'] ?? ''}:/with 100%`}
    assert.equal((await sandbox.run('daemon', 'install')).code, 0)
    const runtime = path.join(sandbox.folder, 'runtime')
    await mkdir(runtime, {mode: 0o700})
    const env = {...process.env, XDG_RUNTIME_DIR: runtime}
    const {stderr} = await promisify(execFile)('systemd-analyze', ['verify', '--user', file], {env})
    assert.ok(!stderr.includes('harness.service'), stderr)
  })

  it('puts the daemon of the unit in the place of the one that runs, and the services stay', async () => {
    await using sandbox = await Sandbox.make()
    const file = await withoutManager(sandbox)
    const asked = path.join(sandbox.folder, 'asked')
    const searched = `${standIn}:${process.env['PATH'] ?? ''}`
    sandbox.variables = {...sandbox.variables, ASKED: asked, PATH: searched}
    await sandbox.write(`services: {one: {type: process, binary: sleep, args: ['1000']}}`)
    assert.equal((await sandbox.run('start')).code, 0)
    const before = await sandbox.daemonPid()
    const pidOf = async (): Promise<number> => (await sandbox.json<StackStatus>('status')).services[0]?.pid ?? 0
    const service = await pidOf()
    const {code, stdout, stderr} = await sandbox.run('daemon', 'install')
    assert.equal(code, 0, stderr)
    assert.equal(stdout, `Wrote ${file}.\nsystemd runs the daemon now, and whenever you log in.\n`)
    assert.equal(await isAlive(before), false)
    assert.notEqual(await sandbox.daemonPid(), before)
    assert.equal(await pidOf(), service)
    assert.equal((await sandbox.run('daemon', 'uninstall')).code, 0)
    assert.deepEqual((await readFile(asked, 'utf8')).trimEnd().split('\n'), [
      '--user show-environment',
      '--user daemon-reload',
      '--user enable harness.service',
      '--user restart harness.service',
      '--user show-environment',
      '--user disable --now harness.service',
      '--user daemon-reload',
    ])
  })
})

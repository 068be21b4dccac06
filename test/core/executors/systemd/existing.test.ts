import assert from 'node:assert/strict'
import {existsSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {after, before, describe, it} from 'mocha'
import type {StartRequest} from '../../../../src/core/contract/executor.js'
import type {WorkloadHandle} from '../../../../src/core/contract/workload.js'
import type {SystemdSpec} from '../../../../src/core/executors/systemd/spec.js'
import type {SystemdState} from '../../../../src/core/executors/systemd/state.js'
import type {SystemdHost} from '../../../../src/core/executors/systemd/systemd-host.js'
import {isAlive} from '../../../support/harness.js'
import {needs} from '../../../support/needs.js'
import {hasSystemd, startUserManager, type UserManager} from '../../../support/systemd.js'
import {eventually, linesOf, never} from '../../process/temporary.js'
import {hostOf, systemdWorkshop} from './workshop.js'

describe('a unit that exists', () => {
  let manager: UserManager
  let count = 0
  before(async function () {
    needs(this, hasSystemd(), 'systemd, and root')
    manager = await startUserManager()
  })
  after(async () => {
    if (hasSystemd()) await manager[Symbol.asyncDispose]()
  })

  /** Writes a unit and answers its name. */
  const unit = async (script: string, more = ''): Promise<string> => {
    count += 1
    const name = `unit-${count}.service`
    const words = JSON.stringify(script).replaceAll('$', '$$$$')
    await manager.unit(name, `[Service]\nType=exec\nExecStart=/bin/sh -c ${words}\n${more}`)
    return name
  }
  const isActive = async (name: string): Promise<boolean> =>
    (await manager.systemctl('show', '--property=ActiveState', '--', name)).includes('=active')
  const inShop = (title: string, test: (shop: ReturnType<typeof systemdWorkshop>) => Promise<void>): void => {
    it(title, async () => {
      await using shop = systemdWorkshop(manager)
      await test(shop)
    })
  }
  const failsWith = async (
    shop: ReturnType<typeof systemdWorkshop>,
    spec: SystemdSpec,
    message: RegExp,
  ): Promise<void> => {
    const request = shop.request(spec)
    await assert.rejects(shop.start(request), {code: 'SERVICE_START_FAILED', message})
    assert.equal(existsSync(request.runDirectory), false)
    assert.equal(await shop.executor().recover(shop.executor().intent(request), never), undefined)
  }

  inShop('says why it cannot be started', async (shop) => {
    await failsWith(shop, {unit: 'no-such-thing'}, /the user manager of systemd knows no unit 'no-such-thing.service'/)
    symlinkSync(
      '/dev/null',
      path.join(path.dirname(manager.env['XDG_RUNTIME_DIR'] ?? ''), 'config/systemd/user/masked.service'),
    )
    await manager.systemctl('daemon-reload')
    await failsWith(shop, {unit: 'masked'}, /unit 'masked.service' is masked/)
    await manager.unit('bad.service', '[Service]\nType=exec\n')
    await failsWith(shop, {unit: 'bad'}, /systemd cannot read unit 'bad.service'/)
    await manager.unit('broken.service', '[Service]\nType=exec\nExecStart=/no/such/program\n')
    await failsWith(shop, {unit: 'broken'}, /systemd could not start 'broken.service': .*exit 203/)
    await manager.unit('pre.service', '[Service]\nType=exec\nExecStartPre=/bin/false\nExecStart=/bin/sleep 600\n')
    await failsWith(shop, {unit: 'pre'}, /systemd could not start 'pre.service'/)
  })

  inShop('is started and stopped', async (shop) => {
    const name = await unit('exec sleep 600')
    const handle = await shop.start(shop.request({unit: name}))
    assert.equal(await isActive(name), true)
    assert.equal(await isAlive(handle.place.pid ?? 0), true)
    assert.deepEqual(await handle.stop({graceMs: 5000}), await handle.wait())
    assert.equal(await isActive(name), false)
  })

  inShop('that runs already is taken over as it is, with what it has said', async (shop) => {
    // The journal does not always know whose what was said in the very moment of a start.
    const name = await unit('sleep 0.3; echo before; exec sleep 600')
    await manager.systemctl('start', name)
    const inJournal = {program: 'journalctl', args: ['--output=cat', `_SYSTEMD_USER_UNIT=${name}`], env: {}}
    await eventually(async () => (await hostOf(manager).run(inJournal, never)).stdout === 'before\n')
    const pid = Number((await manager.systemctl('show', '--property=MainPID', name)).trim().split('=')[1])
    const told: string[] = []
    const handle = shop.keep(
      await shop
        .executor()
        .start(shop.request({unit: name}), {signal: never, progress: (line) => void told.push(line)}),
    )
    assert.equal(handle.place.pid, pid)
    assert.deepEqual(told, [`unit '${name}' runs already; it is taken over`])
    await eventually(async () => (await linesOf(handle)).includes('stdout: before'))
    await handle.stop({graceMs: 5000})
    assert.equal(await isActive(name), false)
  })

  inShop('goes on while systemd starts it anew by its own settings', async (shop) => {
    const name = await unit('echo up; exec sleep 600', 'Restart=always\nRestartSec=100ms\n')
    const handle = await shop.start(shop.request({unit: name}))
    const {pid} = handle.place
    assert.ok(pid !== undefined)
    process.kill(pid, 'SIGKILL')
    await eventually(() => handle.place.pid !== undefined && handle.place.pid !== pid)
    await eventually(async () => (await linesOf(handle)).filter((line) => line === 'stdout: up').length === 2)
    await handle.stop({graceMs: 5000})
    assert.equal(await isActive(name), false)
  })

  inShop('knows how it ended while nobody was there', async (shop) => {
    const go = path.join(shop.folder, 'go')
    const name = await unit(`until [ -e ${go} ]; do sleep 0.01; done; exit 8`)
    const handle = await shop.start(shop.request({unit: name}))
    handle.release()
    writeFileSync(go, '')
    await eventually(async () => !(await isActive(name)))
    const recovered = shop.keep((await shop.executor().recover(handle.save(), never))!)
    assert.deepEqual(await recovered.wait(), {by: 'code', code: 8})
  })

  inShop('that somebody else stops has ended', async (shop) => {
    const name = await unit('exec sleep 600')
    const handle = await shop.start(shop.request({unit: name}))
    await manager.systemctl('stop', name)
    assert.notEqual((await handle.wait()).by, 'lost')
  })

  inShop('keeps each line once over restarts of the daemon', async (shop) => {
    const name = await unit('i=0; while [ $i -lt 600 ]; do i=$((i+1)); echo $i; sleep 0.002; done; sleep 600')
    let handle = await shop.start(shop.request({unit: name}))
    for (let restarts = 0; restarts < 4; restarts += 1) {
      const before = (await linesOf(handle)).length
      await eventually(async () => (await linesOf(handle)).length > before + 20)
      handle.release()
      handle = shop.keep((await shop.executor().recover(handle.save(), never))!)
    }
    await eventually(async () => (await linesOf(handle)).length >= 600, 20_000)
    assert.deepEqual(
      await linesOf(handle),
      Array.from({length: 600}, (_, index) => `stdout: ${index + 1}`),
    )
  })

  inShop('prints what is no text as it is', async (shop) => {
    const name = await unit(`sleep 0.3; printf 'a\\033b\\n'; printf 'ü✓\\n'; sleep 600`)
    const handle = await shop.start(shop.request({unit: name}))
    await eventually(async () => (await linesOf(handle)).length === 2)
    assert.deepEqual(await linesOf(handle), ['stdout: a\x1bb', 'stdout: ü✓'])
  })

  inShop('is unknown, not stopped, while its manager does not answer', async (shop) => {
    let isAway = false
    const flaky: SystemdHost = {
      async run(command, signal) {
        if (!isAway) return await hostOf(manager).run(command, signal)
        return {status: {by: 'code', code: 1}, stdout: '', stderr: 'Failed to connect to bus: Connection refused\n'}
      },
      follow: (command, signal) => hostOf(manager).follow(command, signal),
    }
    const name = await unit('exec sleep 600')
    const request: StartRequest<SystemdSpec> = shop.request({unit: name})
    const executor = shop.executor(flaky)
    const handle = shop.keep<WorkloadHandle<SystemdState>>(
      await executor.start(request, {signal: never, progress: () => undefined}),
    )
    isAway = true
    await eventually(() => handle.reachability?.current === 'unknown')
    await assert.rejects(executor.recover(handle.save(), never), {code: 'EXECUTOR_UNAVAILABLE'})
    await assert.rejects(handle.stop({graceMs: 100}), {code: 'EXECUTOR_UNAVAILABLE'})
    isAway = false
    await eventually(() => handle.reachability?.current === 'known')
    assert.equal(await isActive(name), true)
    await handle.stop({graceMs: 5000})
  })

  inShop('is refused to those who may not', async (shop) => {
    const name = await unit('exec sleep 600')
    const refusing: SystemdHost = {
      run: (command, signal) =>
        command.args.includes('start')
          ? Promise.resolve({
              status: {by: 'code', code: 4},
              stdout: '',
              stderr: `Failed to start ${name}: Interactive authentication required.\nSee system logs for details.\n`,
            })
          : hostOf(manager).run(command, signal),
      follow: (command, signal) => hostOf(manager).follow(command, signal),
    }
    await assert.rejects(
      shop.executor(refusing).start(shop.request({unit: name}), {signal: never, progress: () => undefined}),
      {code: 'SERVICE_START_FAILED', message: /does not let this user start/},
    )
  })

  inShop('is stopped when its start is taken back after it was asked for', async (shop) => {
    const controller = new AbortController()
    const slow: SystemdHost = {
      async run(command, signal) {
        const result = await hostOf(manager).run(command, signal)
        if (command.args.includes('start')) controller.abort(new Error('taken back'))
        return result
      },
      follow: (command, signal) => hostOf(manager).follow(command, signal),
    }
    const name = await unit('exec sleep 600')
    const request = shop.request({unit: name})
    await assert.rejects(
      shop.executor(slow).start(request, {signal: controller.signal, progress: () => undefined}),
      /taken back/,
    )
    assert.equal(await isActive(name), false)
    assert.equal(existsSync(request.runDirectory), false)
  })

  it('leaves its file and its settings alone', async () => {
    await using shop = systemdWorkshop(manager)
    const name = await unit('exec sleep 600')
    const file = path.join(path.dirname(manager.env['XDG_RUNTIME_DIR'] ?? ''), 'config/systemd/user', name)
    const before = readFileSync(file, 'utf8')
    const handle = await shop.start(shop.request({unit: name}))
    await handle.stop({graceMs: 5000})
    await handle.destroy()
    assert.equal(readFileSync(file, 'utf8'), before)
    assert.equal((await manager.systemctl('show', '--property=DropInPaths', name)).trim(), 'DropInPaths=')
  })
})

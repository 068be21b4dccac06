import assert from 'node:assert/strict'
import {existsSync, symlinkSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {isDeepStrictEqual} from 'node:util'
import {after, before, describe, it} from 'mocha'
import {sshLayer} from '../../../plugins/ssh/src/ssh-layer.js'
import {silentLog} from '../../../src/core/base/log.js'
import {systemClock} from '../../../src/core/base/clock.js'
import type {Layer, LayerUse} from '../../../src/core/contract/layer.js'
import type {StartRequest} from '../../../src/core/contract/executor.js'
import type {WorkloadHandle} from '../../../src/core/contract/workload.js'
import type {PluginServices} from '../../../src/core/contract/services.js'
import {systemdAttachExecutor} from '../../../src/core/executors/systemd-attach/executor.js'
import {systemdExecutor} from '../../../src/core/executors/systemd/executor.js'
import type {SystemdSpec} from '../../../src/core/executors/systemd/spec.js'
import {localSystemdHost, type SystemdHost} from '../../../src/core/executors/systemd/systemd-host.js'
import {createPluginServices} from '../../../src/core/plugin/plugin-services.js'
import {createProcessHost} from '../../../src/core/process/host.js'
import {lent} from '../../../src/testing/test-services.js'
import {LinkProxy} from '../../support/link-proxy.js'
import {needs} from '../../support/needs.js'
import {hasSshd, startSshd, type Sshd} from '../../support/sshd.js'
import {hasSystemd, startUserManager, type UserManager} from '../../support/systemd.js'
import {eventually, linesOf, never} from '../../core/process/temporary.js'
import {systemdWorkshop} from '../../core/executors/systemd/workshop.js'

describe('a unit of another machine', function () {
  this.timeout(60_000)
  let manager: UserManager
  let sshd: Sshd
  let link: LinkProxy
  let count = 0

  before(async function () {
    needs(this, hasSystemd() && hasSshd(), 'systemd, sshd, and root')
    manager = await startUserManager()
    sshd = await startSshd({
      enter: ['nsenter', '--mount', '--target', String(manager.pid)],
      settings: [`SetEnv XDG_RUNTIME_DIR=${manager.env['XDG_RUNTIME_DIR'] ?? ''}`],
    })
    link = await LinkProxy.to(sshd.port)
    const lines = [
      'Host worker stranger',
      ...['HostName 127.0.0.1', 'User root', `Port ${link.port}`, `IdentityFile ${sshd.key}`, 'IdentitiesOnly yes'],
      `UserKnownHostsFile ${sshd.knownHosts}`,
      'Host worker',
      `HostKeyAlias [127.0.0.1]:${sshd.port}`,
    ]
    writeFileSync(config(), lines.join('\n') + '\n')
  })
  after(async () => {
    if (!hasSystemd() || !hasSshd()) return
    await link[Symbol.asyncDispose]()
    sshd[Symbol.dispose]()
    await manager[Symbol.asyncDispose]()
  })

  const config = (): string => path.join(sshd.folder, 'by-proxy')
  const layersTo = (host = 'worker'): readonly LayerUse[] => [{type: 'ssh', spec: {host, config: config()}}]
  const unit = async (script: string, more = ''): Promise<string> => {
    count += 1
    const name = `far-${count}.service`
    await manager.unit(
      name,
      `[Service]\nType=exec\nExecStart=/bin/sh -c ${JSON.stringify(script).replaceAll('$', '$$$$')}\n${more}`,
    )
    return name
  }
  const isActive = async (name: string): Promise<boolean> =>
    (await manager.systemctl('show', '--property=ActiveState', '--', name)).includes('=active')

  /** Its systemd is that of the other machine: commands that run here find none. */
  function farShop(host?: string) {
    const shop = systemdWorkshop(manager)
    const services = servicesIn(shop.folder)
    const executor = (host?: SystemdHost) => systemdExecutor(services, createProcessHost(), host)
    const request = (spec: SystemdSpec, more: Partial<StartRequest> = {}): StartRequest<SystemdSpec> =>
      shop.request(spec, {layers: layersTo(host), elsewhere: true, ...more})
    const shared = executor()
    return {
      ...shop,
      services,
      executor,
      request,
      start: async (asked: StartRequest<SystemdSpec>) =>
        shop.keep(await shared.start(asked, {signal: never, progress: () => undefined})),
      [Symbol.asyncDispose]: () => shop[Symbol.asyncDispose](),
    }
  }

  it('is started, watched, asked, signalled and stopped where it is', async () => {
    await using shop = farShop()
    const name = await unit(`echo up; trap 'echo hup' HUP; trap 'exit 0' TERM; while :; do sleep 0.1; done`)
    const begun = systemClock.now()
    const handle = await shop.start(shop.request({unit: name}, {env: {WORD: 'there'}}))
    const lasted = systemClock.now() - begun
    assert.equal(await isActive(name), true)
    assert.equal(handle.place.host, `ssh worker`)
    assert.equal(
      handle.place.pid,
      Number((await manager.systemctl('show', '--property=MainPID', name)).trim().split('=')[1]),
    )
    // As exactly as the clocks of two machines can be compared: by the time that a question takes.
    assert.ok(Math.abs(handle.startedAt - begun) <= 2 * lasted)
    const command = {program: 'sh', args: ['-c', 'echo "$WORD ${SSH_CONNECTION:+by ssh}"; exit 7'], env: {}}
    const ran = await handle.exec?.(command, never)
    assert.deepEqual([ran?.stdout, ran?.status], ['there by ssh\n', {by: 'code', code: 7}])
    await handle.signal?.('SIGHUP')
    await eventually(async () => (await linesOf(handle)).includes('stdout: hup'), 10_000)
    assert.ok((await handle.stats?.(never))!.memory >= 0)
    await handle.stop({graceMs: 5000})
    assert.equal(await isActive(name), false)
    assert.equal(handle.reachability?.current, 'known')
    await handle.destroy()
  })

  it('is killed there after the grace, and its exit code is known here', async () => {
    await using shop = farShop()
    const stubborn = await unit(`trap '' TERM; while :; do sleep 0.1; done`)
    const handle = await shop.start(shop.request({unit: stubborn}))
    assert.deepEqual(await handle.stop({graceMs: 300}), {by: 'signal', signal: 'SIGKILL'})
    const ending = await unit('sleep 0.5; exit 9')
    assert.deepEqual(await (await shop.start(shop.request({unit: ending}))).wait(), {by: 'code', code: 9})
  })

  it('is looked at over one connection for all of them', async () => {
    await using shop = farShop()
    const followed: string[] = []
    const ran: string[] = []
    const local = localSystemdHost()
    const counted = shop.executor({
      run(command, signal) {
        ran.push(command.lead ?? '')
        return local.run(command, signal)
      },
      follow(command, signal) {
        followed.push(command.lead ?? '')
        return local.follow(command, signal)
      },
    })
    const names = [await unit('exec sleep 600'), await unit('exec sleep 600'), await unit('exec sleep 600')]
    const handles: WorkloadHandle[] = []
    for (const name of names) {
      const asked = shop.request({unit: name})
      handles.push(shop.keep(await counted.start(asked, {signal: never, progress: () => undefined})))
    }
    // One for the journal of each, and one for how they are.
    await eventually(() => followed.some((lead) => names.every((name) => lead.includes(name))), 20_000)
    await eventually(() => link.open === names.length + 1, 20_000)
    ran.length = 0
    await manager.systemctl('stop', names[0] ?? '')
    await handles[0]?.wait()
    assert.deepEqual(await Promise.all(names.map(isActive)), [false, true, true])
    const questions = ['boot_id', 'UserspaceTimestampMonotonic', '--sync']
    const asked = ran.map((lead) => questions.find((each) => lead.includes(each)))
    // systemd may remember how it ended, and nobody then asks whether it is still the same.
    const isOnce = [questions, questions.toSpliced(1, 1)].some((each) => isDeepStrictEqual(asked, each))
    assert.ok(isOnce, `one that ends is asked about once, and nobody by a connection of its own: ${asked.join(', ')}`)
    for (const handle of handles.slice(1)) await handle.stop({graceMs: 5000})
    await eventually(() => link.open === 0, 20_000)
  })

  it('is unknown while the link is cut, and nothing of what it says is lost or said twice', async () => {
    await using shop = farShop()
    const name = await unit('i=0; while :; do i=$((i+1)); echo $i; sleep 0.02; done')
    let handle = await shop.start(shop.request({unit: name}))
    await eventually(async () => (await linesOf(handle)).length > 20, 10_000)
    for (let round = 0; round < 3; round += 1) {
      link.cut()
      await eventually(() => handle.reachability?.current === 'unknown', 10_000)
      await assert.rejects(shop.executor().recover(handle.save(), never), {
        code: 'EXECUTOR_UNAVAILABLE',
        message: /the systemd that 'ssh worker' leads to does not answer/,
      })
      assert.equal(await isActive(name), true)
      const before = (await linesOf(handle)).length
      // The daemon may be another one when the link is back.
      if (round === 1) handle.release()
      link.mend()
      if (round === 1) handle = shop.keep((await shop.executor().recover(handle.save(), never))!)
      await eventually(() => handle.reachability?.current === 'known', 20_000)
      await eventually(async () => (await linesOf(handle)).length > before + 20, 20_000)
    }
    await handle.stop({graceMs: 5000})
    const lines = await linesOf(handle)
    assert.deepEqual(
      lines,
      lines.map((_, index) => `stdout: ${index + 1}`),
    )
    assert.equal(await isActive(name), false)
  })

  it('is found again with how it ended while nobody was there', async () => {
    await using shop = farShop()
    const go = path.join(shop.folder, 'go')
    const name = await unit(`echo waits; until [ -e ${go} ]; do sleep 0.01; done; echo done; sleep 0.2; exit 8`)
    const handle = await shop.start(shop.request({unit: name}))
    await eventually(async () => (await linesOf(handle)).length === 1, 10_000)
    handle.release()
    writeFileSync(go, '')
    await eventually(async () => !(await isActive(name)))
    const recovered = shop.keep((await shop.executor().recover(handle.save(), never))!)
    assert.deepEqual(await recovered.wait(), {by: 'code', code: 8})
    assert.deepEqual(await linesOf(recovered), ['stdout: waits', 'stdout: done'])
  })

  it('that cannot be started there, or reached, is one clear error, and nothing is left of the attempt', async () => {
    await using shop = farShop()
    const fails = async (asked: StartRequest<SystemdSpec>, code: string, message: RegExp): Promise<void> => {
      await assert.rejects(shop.start(asked), {code, message})
      assert.equal(existsSync(asked.runDirectory), false)
    }
    await fails(
      shop.request({unit: 'no-such-thing'}),
      'SERVICE_START_FAILED',
      /the user manager of systemd knows no unit 'no-such-thing.service' \(by 'ssh worker'\)/,
    )
    symlinkSync(
      '/dev/null',
      path.join(path.dirname(manager.env['XDG_RUNTIME_DIR'] ?? ''), 'config/systemd/user/far-masked.service'),
    )
    await manager.systemctl('daemon-reload')
    await fails(shop.request({unit: 'far-masked'}), 'SERVICE_START_FAILED', /unit 'far-masked.service' is masked/)
    await fails(
      shop.request({unit: 'far-1'}, {layers: layersTo('stranger')}),
      'EXECUTOR_UNAVAILABLE',
      /'ssh stranger' leads to does not answer: .*(host key is known|Host key verification failed)/,
    )
    link.cut()
    await fails(
      shop.request({unit: 'far-1'}),
      'EXECUTOR_UNAVAILABLE',
      /'ssh worker' leads to does not answer: .*(reset|closed|refused)/i,
    )
    link.mend()
  })

  it('that is only watched is left alone', async () => {
    await using shop = farShop()
    const executor = systemdAttachExecutor(shop.services, createProcessHost())
    const name = await unit('echo here; exec sleep 600')
    const request = shop.request({unit: name})
    const start = () => executor.start(request as never, {signal: never, progress: () => undefined})
    await assert.rejects(start(), {code: 'SERVICE_START_FAILED', message: /does not run \(by 'ssh worker'\)/})
    await manager.systemctl('start', name)
    const handle = await start()
    assert.equal('signal' in handle, false)
    assert.equal((await handle.stop({graceMs: 100})).by, 'lost')
    handle.release()
    assert.equal(await isActive(name), true)
    await manager.systemctl('stop', name)
  })
})

function servicesIn(stateDirectory: string): PluginServices {
  const find = (kind: string): Layer | undefined => (kind === 'ssh' ? sshLayer(services.shell) : undefined)
  const services = createPluginServices({
    ...{name: 'systemd', stateDirectory, log: silentLog, lent},
    layer: find,
  })
  return services
}

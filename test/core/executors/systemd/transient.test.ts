import assert from 'node:assert/strict'
import {existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {after, before, describe, it} from 'mocha'
import type {CommandSpec} from '../../../../src/core/contract/command.js'
import type {StartRequest} from '../../../../src/core/contract/executor.js'
import type {WorkloadHandle} from '../../../../src/core/contract/workload.js'
import type {SystemdSpec} from '../../../../src/core/executors/systemd/spec.js'
import {localSystemdHost, type SystemdHost} from '../../../../src/core/executors/systemd/systemd-host.js'
import type {SystemdState} from '../../../../src/core/executors/systemd/state.js'
import {isAlive, processesNaming} from '../../../support/harness.js'
import {needs} from '../../../support/needs.js'
import {hasSystemd, startUserManager, type UserManager} from '../../../support/systemd.js'
import {eventually, linesOf, never} from '../../process/temporary.js'
import {hostOf, systemdWorkshop} from './workshop.js'

const sh = (script: string): SystemdSpec => ({binary: 'sh', args: ['-c', script]})
const unitOf = (handle: WorkloadHandle): string => (handle.save().state as SystemdState).unit
const runDirectoryOf = (handle: WorkloadHandle): string => (handle.save().state as SystemdState).runDirectory

describe('a program in a unit of its own', () => {
  let manager: UserManager
  before(async function () {
    needs(this, hasSystemd(), 'systemd, and root')
    manager = await startUserManager()
  })
  after(async () => {
    if (hasSystemd()) await manager[Symbol.asyncDispose]()
  })

  const inShop = (title: string, test: (shop: ReturnType<typeof systemdWorkshop>) => Promise<void>): void => {
    it(title, async () => {
      {
        await using shop = systemdWorkshop(manager)
        await test(shop)
      }
      assert.deepEqual(await manager.units('harness-*'), [], 'no unit is left')
    })
  }

  const tricky = [
    ...[
      '',
      ' ',
      '$HOME',
      '${HOME}',
      '$$',
      '%n',
      '%%',
      "it's",
      '"quoted"',
      'back\\slash',
      'a\nb',
      '\ttab',
      '`id`',
      '$(id)',
    ],
    ...['*', '~', 'ünï—✓', ';', '-x', '--', '\\x41', '$', 'end\\'],
  ]

  inShop('gives it arguments and variables byte for byte', async (shop) => {
    const script = `printf '%s\\0' "$@" >args; printf '%s\\0' "$A" "$B" "$C" >env; printf '%s' "$PWD" >pwd`
    const env = {A: 'quotes " \' and $HOME `id` \\ %n', B: 'two\nlines\t✓', C: ''}
    const spec = {binary: 'sh', args: ['-c', script, 'sh', ...tricky]}
    const handle = await shop.start(shop.request(spec, {env}))
    assert.deepEqual(await handle.wait(), {by: 'code', code: 0})
    const read = (name: string): string[] => readFileSync(path.join(shop.folder, name), 'utf8').split('\0').slice(0, -1)
    assert.deepEqual(read('args'), tricky)
    assert.deepEqual(read('env'), Object.values(env))
    assert.equal(readFileSync(path.join(shop.folder, 'pwd'), 'utf8'), shop.folder)
  })

  inShop('works in folders with any names', async (shop) => {
    const odd = path.join(shop.folder, `a "b' $HOME %n \\ ü *?[x]{y}`)
    mkdirSync(odd)
    const request = shop.request(sh('echo said; echo wrong >&2; exit 3'), {
      directory: odd,
      runDirectory: path.join(odd, 'run'),
    })
    const handle = await shop.start(request)
    assert.deepEqual(await handle.wait(), {by: 'code', code: 3})
    assert.deepEqual(await linesOf(handle), ['stdout: said', 'stderr: wrong'])
  })

  for (const verb of ['daemon-reload', 'daemon-reexec']) {
    inShop(`keeps what it knows of a unit over a ${verb} of systemd`, async (shop) => {
      const odd = path.join(shop.folder, `a "b' %n \\ ü *?[x]{y}`)
      mkdirSync(odd)
      const request = shop.request(
        {...sh('until [ -e go ]; do sleep 0.01; done; echo said; exit 3'), working_dir: shop.folder},
        {directory: odd, runDirectory: path.join(odd, 'run')},
      )
      const handle = await shop.start(request)
      await manager.systemctl(verb)
      await eventually(() =>
        manager.systemctl('show').then(
          () => true,
          () => false,
        ),
      )
      const recovered = shop.keep((await shop.executor().recover(handle.save(), never))!)
      assert.deepEqual(recovered.place, handle.place)
      writeFileSync(path.join(shop.folder, 'go'), '')
      assert.deepEqual(await recovered.wait(), {by: 'code', code: 3})
      assert.deepEqual(await linesOf(recovered), ['stdout: said'])
    })
  }

  inShop('shows a secret in no command line and no setting of the unit', async (shop) => {
    const canary = `canary${String(Date.now())}`
    const commands: CommandSpec[] = []
    const watched: SystemdHost = {
      run(command, signal) {
        commands.push(command)
        return hostOf(manager).run(command, signal)
      },
      follow: (command, signal) => hostOf(manager).follow(command, signal),
    }
    const request = shop.request(sh('exec sleep 600'), {env: {SECRET: canary}})
    const handle = shop.keep(await shop.executor(watched).start(request, {signal: never, progress: () => undefined}))
    assert.ok(commands.some(({program}) => program === 'systemd-run'))
    assert.ok(!JSON.stringify(commands).includes(canary), 'not in what harness runs')
    assert.ok(!(await manager.systemctl('show', '--', unitOf(handle))).includes(canary), 'not in what systemd shows')
    assert.ok(!(await manager.systemctl('cat', '--', unitOf(handle))).includes(canary), 'not in the file of the unit')
    assert.ok((await processesNaming(canary)).includes(handle.place.pid ?? 0), 'in the environment of the program')
  })

  inShop('knows how it ended while nobody was there', async (shop) => {
    for (const [script, status] of [
      ['exit 9', {by: 'code', code: 9}],
      ['kill -ABRT $$', {by: 'signal', signal: 'SIGABRT'}],
    ] as const) {
      const handle = await shop.start(shop.request(sh(`until [ -e go ]; do sleep 0.01; done; ${script}`)))
      handle.release()
      writeFileSync(path.join(shop.folder, 'go'), '')
      await eventually(async () => (await manager.units(unitOf(handle))).length === 0)
      const recovered = shop.keep((await shop.executor().recover(handle.save(), never))!)
      assert.deepEqual(await recovered.wait(), status)
      rmSync(path.join(shop.folder, 'go'))
    }
  })

  inShop('is found again when the daemon died before it could write down what it had started', async (shop) => {
    const handle = await shop.start(shop.request(sh('exec sleep 600')))
    handle.release()
    writeFileSync(path.join(runDirectoryOf(handle), 'run'), '')
    const recovered = shop.keep((await shop.executor().recover(handle.save(), never))!)
    assert.deepEqual(recovered.place, handle.place)
    assert.ok(Math.abs(recovered.startedAt - handle.startedAt) < 200)
  })

  inShop('never begins once it was said that it will not', async (shop) => {
    let late: CommandSpec | undefined
    const stuck: SystemdHost = {
      run(command, signal) {
        if (command.program !== 'systemd-run') return hostOf(manager).run(command, signal)
        late = command
        return new Promise(() => undefined)
      },
      follow: (command, signal) => hostOf(manager).follow(command, signal),
    }
    const request = shop.request(sh('touch ran; exec sleep 600'))
    const executor = shop.executor(stuck)
    void executor.start(request, {signal: never, progress: () => undefined}).catch(() => undefined)
    await eventually(() => late !== undefined)
    assert.equal(await shop.executor().recover(executor.intent(request), never), undefined)
    const command = late
    assert.ok(command)
    const {status} = await hostOf(manager).run(command, never)
    assert.notDeepEqual(status, {by: 'code', code: 0})
    assert.equal(existsSync(path.join(shop.folder, 'ran')), false)
  })

  inShop('that somebody starts anew by hand is ended, for there would be two', async (shop) => {
    const handle = await shop.start(shop.request(sh('exec sleep 600')))
    await manager.systemctl('restart', '--', unitOf(handle))
    assert.deepEqual(await handle.wait(), {by: 'signal', signal: 'SIGTERM'})
    assert.deepEqual(await manager.units(unitOf(handle)), [])
  })

  inShop('ends with all that it has started', async (shop) => {
    const handle = await shop.start(
      shop.request(
        sh(
          `trap '' TERM; setsid sh -c 'trap "" TERM; echo $$ >left; while :; do sleep 1; done' & until [ -s left ]; do sleep 0.01; done; exit 4`,
        ),
      ),
    )
    assert.deepEqual(await handle.wait(), {by: 'code', code: 4})
    assert.equal(await isAlive(Number(readFileSync(path.join(shop.folder, 'left'), 'utf8'))), false)
  })

  inShop('takes settings of systemd, and says which it does not take', async (shop) => {
    const handle = await shop.start(
      shop.request({...sh('ulimit -n; exec sleep 600'), properties: {LimitNOFILE: 77, Nice: '3', CPUAccounting: true}}),
    )
    await eventually(async () => (await linesOf(handle)).includes('stdout: 77'))
    assert.match(await manager.systemctl('show', '--property=Nice', '--', unitOf(handle)), /Nice=3/)
    await assert.rejects(shop.start(shop.request({...sh('exit'), properties: {NoSuchThing: 'x'}})), {
      code: 'SERVICE_START_FAILED',
      message: /NoSuchThing/,
    })
    await assert.rejects(shop.start(shop.request({...sh('exit'), properties: {LimitNOFILE: 'many'}})), {
      code: 'SERVICE_START_FAILED',
      message: /resource limit: many/,
    })
  })

  inShop('that cannot be executed does not start, and leaves nothing', async (shop) => {
    writeFileSync(path.join(shop.folder, 'broken'), '#!/no/such/interpreter\n', {mode: 0o755})
    const request = shop.request({binary: './broken'})
    await assert.rejects(shop.start(request), {
      code: 'SERVICE_START_FAILED',
      message: /systemd could not execute '.*broken'.*203/,
    })
    assert.equal(existsSync(request.runDirectory), false)
    await assert.rejects(shop.start(shop.request({binary: 'no-such-program'})), {message: /was not found in PATH/})
  })

  inShop('refuses variables that systemd would drop or that would hide the end', async (shop) => {
    const start = (env: Record<string, string>, inheritedEnv: Record<string, string> = {PATH: '/usr/bin:/bin'}) =>
      shop.start(shop.request(sh('env; exit 6'), {env, inheritedEnv}))
    await assert.rejects(start({COLOUR: '\x1b[1m'}), {message: /control characters.*'COLOUR'/})
    await assert.rejects(start({EXIT_STATUS: '0'}), {message: /'EXIT_STATUS' is systemd's own/})
    await assert.rejects(start({'a-b': 'x'}), {message: /no variable of the name 'a-b'/})
    const handle = await start(
      {},
      {PATH: '/usr/bin:/bin', 'BASH_FUNC_x%%': '() { :; }', EXIT_STATUS: '0', TERMCAP: '\x1b', KEPT: 'yes'},
    )
    assert.deepEqual(await handle.wait(), {by: 'code', code: 6})
    const lines = await linesOf(handle)
    assert.ok(lines.includes('stdout: KEPT=yes'))
    assert.deepEqual(
      lines.filter((line) => /BASH_FUNC|EXIT_STATUS|TERMCAP/.test(line)),
      [],
    )
  })

  inShop('is ended when its start is taken back', async (shop) => {
    const controller = new AbortController()
    const slow: SystemdHost = {
      async run(command, signal) {
        const result = await hostOf(manager).run(command, signal)
        if (command.program === 'systemd-run') controller.abort(new Error('taken back'))
        return result
      },
      follow: (command, signal) => hostOf(manager).follow(command, signal),
    }
    const request = shop.request(sh('exec sleep 600'))
    await assert.rejects(
      shop.executor(slow).start(request, {signal: controller.signal, progress: () => undefined}),
      /taken back/,
    )
    assert.equal(existsSync(request.runDirectory), false)
  })

  inShop('tells what it uses', async (shop) => {
    const handle = await shop.start(shop.request(sh('while :; do :; done')))
    const stats = await handle.stats?.(never)
    assert.ok(stats && stats.cpu > 0 && stats.memory > 100_000, JSON.stringify(stats))
  })

  inShop('writes both streams into one log where that is wanted', async (shop) => {
    const request: StartRequest<SystemdSpec> = shop.request(sh('echo one; echo two >&2; echo three'), {
      logs: {capture: 'file', merge: true},
    })
    const handle = await shop.start(request)
    await handle.wait()
    assert.deepEqual(await linesOf(handle), ['stdout: one', 'stdout: two', 'stdout: three'])
  })

  inShop('gets the polite signal that was asked for', async (shop) => {
    const handle = await shop.start(
      shop.request(sh(`trap 'exit 5' INT; trap '' TERM; echo up; while :; do sleep 0.05; done`)),
    )
    await eventually(async () => (await linesOf(handle)).length > 0)
    assert.deepEqual(await handle.stop({graceMs: 10_000, signal: 'SIGINT'}), {by: 'code', code: 5})
  })
})

describe('a program in a unit whose manager is gone', () => {
  it('still runs, is stopped without it, and has ended in a way that nobody knows', async function () {
    needs(this, hasSystemd(), 'systemd, and root')
    await using manager = await startUserManager()
    await using shop = systemdWorkshop(manager)
    const handle = await shop.start(shop.request(sh('sleep 600 & exec sleep 600')))
    const {pid} = handle.place
    assert.ok(pid !== undefined)
    process.kill(manager.pid, 'SIGKILL')
    await eventually(async () => !(await isAlive(manager.pid)))
    const recovered = shop.keep((await shop.executor().recover(handle.save(), never))!)
    assert.equal(recovered.place.pid, pid)
    assert.equal(recovered.isAlive?.(), true)
    const status = await recovered.stop({graceMs: 500})
    assert.equal(status.by, 'lost')
    assert.equal(await isAlive(pid), false)
  })

  it('is unknown, not stopped, while its end cannot be told', async function () {
    needs(this, hasSystemd(), 'systemd, and root')
    await using manager = await startUserManager()
    await using shop = systemdWorkshop(manager)
    const handle = await shop.start(shop.request(sh('exec sleep 600')))
    process.kill(manager.pid, 'SIGKILL')
    process.kill(handle.place.pid ?? 0, 'SIGKILL')
    await eventually(() => handle.reachability?.current === 'unknown')
    await assert.rejects(shop.executor().recover(handle.save(), never), {code: 'EXECUTOR_UNAVAILABLE'})
    assert.equal((await handle.stop({graceMs: 0})).by, 'lost')
  })
})

describe('a machine without systemd', () => {
  it('has it undetected, and says so', async () => {
    const none = {env: {PATH: '/nowhere', XDG_RUNTIME_DIR: '/nowhere'}}
    await using shop = systemdWorkshop(none as unknown as UserManager)
    const found = await shop.executor(hostOf(none)).fingerprint(never)
    assert.deepEqual(found, {
      health: 'undetected',
      description: "systemd is not here: 'systemctl' is not installed.",
      attributes: {},
    })
    await assert.rejects(shop.start(shop.request(sh('exit'))), {
      code: 'EXECUTOR_UNAVAILABLE',
      message: /does not answer/,
    })
  })

  it('is told from one whose manager does not run', async function () {
    needs(this, hasSystemd(), 'systemd, and root')
    const local = localSystemdHost()
    const away: SystemdHost = {
      run: (command, signal) =>
        local.run(
          {
            ...command,
            args: command.args.map((arg) => (arg === '--system' ? '--user' : arg)),
            env: {...command.env, XDG_RUNTIME_DIR: '/nowhere'},
          },
          signal,
        ),
      follow: (command, signal) => local.follow(command, signal),
    }
    await using shop = systemdWorkshop({env: {}} as unknown as UserManager)
    const {health, description} = await shop.executor(away).fingerprint(never)
    assert.equal(health, 'undetected')
    assert.match(description, /no manager of it runs here/)
  })
})

import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {X509Certificate} from 'node:crypto'
import {once} from 'node:events'
import {chmod, mkdir, readFile, rm, writeFile} from 'node:fs/promises'
import {createServer, type AddressInfo} from 'node:net'
import path from 'node:path'
import {describe, it} from 'mocha'
import {systemClock} from '../../src/core/base/clock.js'
import {createPrivateFile} from '../../src/core/base/private-files.js'
import {connect} from '../../src/core/client/connect.js'
import type {StackStatus} from '../../src/core/contract/status.js'
import type {DaemonInfo} from '../../src/core/protocol/methods.js'
import {readStore} from '../../src/core/store/read-store.js'
import {readArguments} from '../../src/core/process/platform.js'
import {statePaths} from '../../src/core/base/state-directory.js'
import {makeCertificate} from '../../src/core/transport/make-certificate.js'
import {publicKeyFingerprint} from '../../src/core/transport/public-key.js'
import {isAlive, Sandbox, until} from '../support/harness.js'
import {startRealDaemon} from '../torture/support/real-daemon.js'
import {installOtherVersion} from '../support/other-version.js'

const stack = `
services:
  one: {type: process, binary: sleep, args: ['1000']}
  two: {type: process, binary: sleep, args: ['1000']}
`

async function pidsOf(sandbox: Sandbox): Promise<readonly (number | null)[]> {
  const {services} = await sandbox.json<StackStatus>('status')
  assert.deepEqual(
    services.map(({state, attempt}) => `${state} ${attempt}`),
    services.map(() => 'Running 1'),
  )
  return services.map(({pid}) => pid)
}

/** What happens to a token while its daemon runs, and what leads out. */
const brokenTokens: readonly (readonly [what: string, spoil: (file: string) => Promise<void>, why: RegExp])[] = [
  ['is another', (file) => writeFile(file, `${'f'.repeat(64)}\n`), /refused this client[^]*harness daemon restart/],
  ['is gone', (file) => rm(file), /its token is lost[^]*harness daemon restart/],
  ['can be read by others', (file) => chmod(file, 0o644), /its mode is 644[^]*chmod 600/],
]

/** What keeps a daemon from starting, and what is said of it. */
const brokenStates: readonly (readonly [what: string, spoil: (directory: string) => Promise<void>, why: RegExp])[] = [
  ['with a key that others can read', (at) => chmod(statePaths(at).key, 0o644), /its mode is 644[^]*chmod 600/],
  ['with a file in place of its store', (at) => replaceByFile(statePaths(at).store), /store'[^]*not a directory[^]*mv/],
]

async function replaceByFile(directory: string): Promise<void> {
  await rm(directory, {recursive: true})
  await writeFile(directory, '')
}

describe('the life of a daemon', function () {
  this.timeout(60_000)

  it('is followed by another with `daemon restart`, and the services are the same', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(stack)
    assert.equal((await sandbox.run('start')).code, 0)
    const pids = await pidsOf(sandbox)
    const before = await sandbox.daemonPid()
    const {code, stdout} = await sandbox.run('daemon', 'restart')
    assert.equal(code, 0)
    const after = await sandbox.daemonPid()
    assert.notEqual(after, before)
    assert.equal(stdout, `Started the harness daemon (pid ${after}).\n`)
    assert.equal(await isAlive(before), false)
    assert.deepEqual(await pidsOf(sandbox), pids)
  })

  it('is replaced while a start is followed, and the start is followed to its end', async () => {
    await using sandbox = await Sandbox.make()
    const check = {command: ['test', '-e', 'ready'], on: 'host', interval: '200ms', start_interval: '200ms'}
    const slow = {type: 'process', binary: 'sleep', args: ['1000'], health_check: check}
    await sandbox.write(JSON.stringify({services: {slow, next: {...slow, dependencies: ['slow']}}}))
    assert.equal((await sandbox.run('daemon', 'start')).code, 0)
    const starting = sandbox.run('start')
    await until(
      async () => (await sandbox.json<StackStatus>('status')).services.some(({state}) => state === 'Starting'),
      'it has begun',
    )
    assert.equal((await sandbox.run('daemon', 'restart')).code, 0)
    await sandbox.killDaemon()
    await sandbox.write('', 'ready')
    const {code, stderr} = await starting
    assert.equal(code, 0, stderr)
    assert.match(stderr, /The daemon has ended meanwhile/)
    const {services} = await sandbox.json<StackStatus>('status')
    assert.deepEqual(
      services.map(({state, attempt}) => `${state} ${attempt}`),
      ['Running 1', 'Running 1'],
    )
  })

  it('ends by itself after a restart if it did before, and stays once it is started by hand', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(stack)
    assert.equal((await sandbox.run('start')).code, 0)
    const isAuto = async (): Promise<boolean> => readArguments(await sandbox.daemonPid()).includes('--auto')
    assert.equal(await isAuto(), true)
    const pids = await pidsOf(sandbox)
    const restarted = await sandbox.run('daemon', 'restart')
    assert.deepEqual([restarted.code, restarted.stderr], [0, ''])
    assert.equal(await isAuto(), true)
    const before = await sandbox.daemonPid()
    const started = await sandbox.run('daemon', 'start')
    assert.equal(started.code, 0, started.stderr)
    assert.match(started.stderr, /One ran that would have ended by itself/)
    assert.notEqual(await sandbox.daemonPid(), before)
    assert.equal(await isAuto(), false)
    assert.match((await sandbox.run('daemon', 'start')).stdout, /runs already/)
    assert.deepEqual(await pidsOf(sandbox), pids)
    assert.equal((await sandbox.run('daemon', 'restart')).code, 0)
    assert.equal(await isAuto(), false)
  })

  it('is followed by one of another protocol version, up and down again', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(stack)
    assert.equal((await sandbox.run('start')).code, 0)
    const pids = await pidsOf(sandbox)
    const old = sandbox.command
    const next = await installOtherVersion(path.join(path.dirname(sandbox.folder), 'next'))
    for (const [command, hint] of [
      [next, /Run `harness daemon restart`: services keep running\./],
      [old, /Upgrade this harness .*, or go back to this one with `harness daemon restart`: services keep running\./],
    ] as const) {
      sandbox.command = command
      const refused = await sandbox.run('status')
      assert.equal(refused.code, 7)
      assert.match(
        refused.stderr,
        /the daemon speaks version \d, harness speaks version \d; upgrade the (daemon|client)/,
      )
      assert.match(refused.stderr, hint)
      const stop = await sandbox.run('daemon', 'stop', '--stop-services')
      assert.equal(stop.code, 7)
      assert.match(stop.stderr, /it can be ended, but not be asked to stop services/)
      const restart = await sandbox.run('daemon', 'restart')
      assert.equal(restart.code, 0, restart.stderr)
      assert.deepEqual(await pidsOf(sandbox), pids)
    }
  })

  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    it(`ends in order with ${signal}: exit 0, the services go on, the state is written down`, async () => {
      await using sandbox = await Sandbox.make()
      await sandbox.write(stack)
      const daemon = sandbox.begin('daemon')
      const ended = once(daemon, 'exit')
      await until(() => sandbox.daemonPid().then(Boolean, () => false), 'the daemon answers')
      assert.equal((await sandbox.run('start')).code, 0)
      const pids = await pidsOf(sandbox)
      daemon.kill(signal)
      assert.deepEqual(await ended, [0, null])
      await assert.rejects(sandbox.daemonPid(), 'its info file is gone')
      for (const pid of pids) assert.ok(await isAlive(pid ?? 0))
      const view = await readStore(statePaths(sandbox.state).store)
      assert.deepEqual(
        view.entries('service/').map(([, value]) => (value as {state: string}).state),
        ['Running', 'Running'],
      )
      assert.deepEqual(await pidsOf(sandbox), pids)
    })
  }

  it('listens where it did after a restart, and names who has the port that it was to have', async () => {
    await using sandbox = await Sandbox.make()
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const {port} = server.address() as AddressInfo
    const listen = ['--listen', `127.0.0.1:${port}`]
    const busy = await sandbox.run('daemon', 'start', ...listen)
    assert.equal(busy.code, 7)
    assert.match(busy.stderr, new RegExp(`port ${port} is in use by pid ${process.pid} `))
    server.close()
    await once(server, 'close')
    const where = async (): Promise<readonly string[]> => (await sandbox.json<DaemonInfo>('daemon', 'status')).listeners
    assert.equal((await sandbox.run('daemon', 'start', ...listen)).code, 0)
    const before = await where()
    assert.ok(before.includes(`wss://127.0.0.1:${port}`))
    assert.equal((await sandbox.run('daemon', 'restart')).code, 0)
    assert.deepEqual(await where(), before)
  })

  it('is left alone by a restart to an address that another program has', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(stack)
    assert.equal((await sandbox.run('start')).code, 0)
    const pids = await pidsOf(sandbox)
    const before = await sandbox.daemonPid()
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const {port} = server.address() as AddressInfo
    const refused = await sandbox.run('daemon', 'restart', '--listen', `127.0.0.1:${port}`)
    server.close()
    assert.equal(refused.code, 7, refused.stderr)
    assert.match(refused.stderr, new RegExp(`port ${port} is in use by pid ${process.pid} `))
    assert.match(refused.stderr, new RegExp(`The daemon that runs \\(pid ${before}\\) goes on as it was`))
    assert.equal(await sandbox.daemonPid(), before)
    assert.ok(await isAlive(before))
    assert.deepEqual(await pidsOf(sandbox), pids)
  })

  it('is left alone by a restart when the key is one that no new daemon would take', async () => {
    await using sandbox = await Sandbox.make()
    assert.equal((await sandbox.run('daemon', 'start')).code, 0)
    const before = await sandbox.daemonPid()
    await chmod(statePaths(sandbox.state).key, 0o644)
    const refused = await sandbox.run('daemon', 'restart')
    assert.equal(refused.code, 5, refused.stderr)
    assert.match(refused.stderr, /tls-key\.pem[^]*chmod 600[^]*goes on as it was/)
    assert.ok(await isAlive(before))
  })

  it('is started again as it was when the one that was to follow it fails', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(stack)
    assert.equal((await sandbox.run('start')).code, 0)
    const where = async (): Promise<readonly string[]> => (await sandbox.json<DaemonInfo>('daemon', 'status')).listeners
    const [pids, before, listeners] = [await pidsOf(sandbox), await sandbox.daemonPid(), await where()]
    const port = new URL(listeners.find((each) => each.startsWith('wss:')) ?? '').port
    // Another address of the same port: the daemon is one of two that have it.
    const script = `require('node:net').createServer().listen(${port}, '127.0.0.2', () => console.log('listening'))`
    const other = spawn(process.execPath, ['-e', script], {stdio: ['ignore', 'pipe', 'inherit']})
    try {
      await once(other.stdout, 'data')
      const failed = await sandbox.run('daemon', 'restart', '--listen', `0.0.0.0:${port}`, '--allow-remote')
      assert.equal(failed.code, 7, failed.stderr)
      const after = await sandbox.daemonPid()
      assert.match(failed.stderr, new RegExp(`The daemon cannot listen at '0\\.0\\.0\\.0:${port}'`))
      assert.match(failed.stderr, new RegExp(`one before was started instead \\(pid ${after}\\)`))
      assert.notEqual(after, before)
      // Where the usual port is taken each daemon has another one.
      const places = (all: readonly string[]): readonly string[] => all.map((each) => each.replace(/:\d+$/, ''))
      assert.deepEqual(places(await where()), places(listeners))
      assert.ok(readArguments(after).includes('--auto'))
      assert.deepEqual(await pidsOf(sandbox), pids)
    } finally {
      other.kill()
    }
  })

  for (const [what, spoil, why] of brokenStates) {
    it(`says what is wrong with a state directory ${what} when a command starts one`, async () => {
      await using sandbox = await Sandbox.make()
      await sandbox.write(stack)
      assert.equal((await sandbox.run('daemon', 'start')).code, 0)
      assert.equal((await sandbox.run('daemon', 'stop')).code, 0)
      await spoil(sandbox.state)
      const refused = await sandbox.run('start')
      assert.equal(refused.code, 5, refused.stderr)
      assert.match(refused.stderr, why)
      assert.doesNotMatch(refused.stderr, /could not be started|it ended with code/)
      const data = await sandbox.json<{error: {code: string}}>('daemon', 'start')
      assert.equal(data.error.code, 'STATE_UNSAFE')
    })
  }

  it('is refused a state directory with a line break by every command, and by the daemon itself', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(stack)
    sandbox.variables = {HARNESS_STATE_DIR: `${sandbox.state}\nmore`}
    for (const words of ['start', 'status', 'ls', 'doctor', 'daemon', 'daemon start', 'daemon status', 'daemon stop']) {
      const {code, stderr} = await sandbox.run(...words.split(' '))
      assert.equal(code, 5, `${words}: ${stderr}`)
      assert.match(stderr, /state\\nmore' .* comes from HARNESS_STATE_DIR has a line break in it \(\\n\)/, words)
      assert.equal(stderr.trimEnd().split('\n').length, 2, stderr)
    }
  })

  it('begins with a certificate that is about to expire: it is renewed for the same key', async () => {
    await using sandbox = await Sandbox.make()
    await mkdir(sandbox.state, {mode: 0o700})
    const paths = statePaths(sandbox.state)
    const made = await makeCertificate(Date.now() - 364.9 * 86_400_000)
    await createPrivateFile(paths.certificate, made.certificate)
    await createPrivateFile(paths.key, made.key)
    const old = new X509Certificate(made.certificate)
    const daemon = await startRealDaemon(sandbox)
    assert.notEqual(daemon.fingerprint, old.fingerprint256)
    const options = {stateDirectory: sandbox.state, url: daemon.url.href, client: {name: 'test', version: '1.0.0'}}
    const ask = (fingerprint: string) => connect({...options, fingerprint, clock: systemClock})
    await using connected = await ask(publicKeyFingerprint(old))
    assert.equal(connected.hello.daemon.pid, daemon.pid)
    await assert.rejects(ask(old.fingerprint256), {code: 'CERTIFICATE_MISMATCH'})
  })

  it('stops the services when it is asked to end where it was started so, and keeps them over a restart', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(stack)
    const daemon = sandbox.begin('daemon', '--stop-services-on-exit')
    const ended = once(daemon, 'exit')
    await until(() => sandbox.daemonPid().then(Boolean, () => false), 'the daemon answers')
    assert.equal((await sandbox.run('start')).code, 0)
    const pids = await pidsOf(sandbox)
    const restarted = await sandbox.run('daemon', 'restart')
    assert.equal(restarted.code, 0, restarted.stderr)
    await ended
    assert.deepEqual(await pidsOf(sandbox), pids)
    assert.equal((await sandbox.run('daemon', 'stop')).code, 0)
    for (const pid of pids) assert.equal(await isAlive(pid ?? 0), false)
  })

  for (const [what, spoil, why] of brokenTokens) {
    it(`is replaced by a restart when its token ${what}, and the services are the same`, async () => {
      await using sandbox = await Sandbox.make()
      await sandbox.write(stack)
      assert.equal((await sandbox.run('start')).code, 0)
      const pids = await pidsOf(sandbox)
      const before = await sandbox.daemonPid()
      const {token} = statePaths(sandbox.state)
      await spoil(token)
      const refused = await sandbox.run('status')
      assert.ok(refused.code === 5 || refused.code === 7, refused.stderr)
      assert.match(refused.stderr, why)
      assert.doesNotMatch(refused.stderr, /a mistake of its own/)
      if (/chmod/.test(refused.stderr)) await chmod(token, 0o600)
      else {
        const restarted = await sandbox.run('daemon', 'restart')
        assert.equal(restarted.code, 0, restarted.stderr)
        assert.equal(await isAlive(before), false)
      }
      assert.deepEqual(await pidsOf(sandbox), pids)
    })
  }

  it('that has a key which others can read says so, with the code of this machine', async () => {
    await using sandbox = await Sandbox.make()
    assert.equal((await sandbox.run('daemon', 'start')).code, 0)
    assert.equal((await sandbox.run('daemon', 'stop')).code, 0)
    await chmod(statePaths(sandbox.state).key, 0o644)
    const refused = await sandbox.run('daemon')
    assert.equal(refused.code, 5, refused.stderr)
    assert.match(refused.stderr, /tls-key\.pem/)
    assert.doesNotMatch(refused.stderr, /process\.exit|at .*\.js:\d+/)
  })

  it('stops the services first where it was started so', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(stack)
    const daemon = sandbox.begin('daemon', '--stop-services-on-exit')
    const ended = once(daemon, 'exit')
    await until(() => sandbox.daemonPid().then(Boolean, () => false), 'the daemon answers')
    assert.equal((await sandbox.run('start')).code, 0)
    const pids = await pidsOf(sandbox)
    daemon.kill('SIGTERM')
    assert.deepEqual(await ended, [0, null])
    for (const pid of pids) assert.equal(await isAlive(pid ?? 0), false)
    assert.equal((await sandbox.json<StackStatus>('status')).services.length, 0)
  })
})

describe('harness daemon logs', function () {
  this.timeout(60_000)

  it('holds records only, with the warnings of Node among them', async () => {
    await using sandbox = await Sandbox.make()
    const program = "process.on('SIGUSR2', () => process.emitWarning('beware'))"
    sandbox.variables = {NODE_OPTIONS: `--import "data:text/javascript,${encodeURIComponent(program)}"`}
    assert.equal((await sandbox.run('daemon', 'start')).code, 0)
    process.kill(await sandbox.daemonPid(), 'SIGUSR2')
    const {log} = statePaths(sandbox.state)
    await until(async () => (await readFile(log, 'utf8')).includes('beware'), 'the warning is logged')
    const records = (await readFile(log, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as {level: string; message: string; name?: string; error?: string})
    const warning = records.find(({error}) => error?.includes('beware'))
    assert.deepEqual([warning?.level, warning?.message, warning?.name], ['warn', 'a warning of Node', 'Warning'])
  })

  it('shows records of a level and worse, the last ones, and JSON alone with --json', async () => {
    await using sandbox = await Sandbox.make()
    const none = await sandbox.run('daemon', 'logs')
    assert.deepEqual([none.code, none.stdout], [0, ''])
    assert.match(none.stderr, /There is no log yet at/)
    await mkdir(sandbox.state, {mode: 0o700})
    const {log} = statePaths(sandbox.state)
    const record = (level: string, message: string): string =>
      `${JSON.stringify({time: '2026-01-01T00:00:00.000Z', level, message})}\n`
    await writeFile(`${log}.1`, record('error', 'before'))
    const lines = [record('info', 'fine'), record('warn', 'hm'), 'node: crashed\n', record('debug', 'detail')]
    await writeFile(log, lines.join(''))
    const worse = await sandbox.run('daemon', 'logs', '--level', 'warn', '--json')
    assert.deepEqual(
      worse.stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as {level: string; message: string})
        .map(({level, message}) => `${level} ${message}`),
      ['error before', 'warn hm', 'error node: crashed'],
    )
    const last = await sandbox.run('daemon', 'logs', '--tail', '2')
    assert.equal(last.stdout, 'node: crashed\n2026-01-01T00:00:00.000Z debug detail\n')
    const wrong = await sandbox.run('daemon', 'logs', '--level', 'loud')
    assert.equal(wrong.code, 2)
    assert.match(wrong.stderr, /--level expects one of debug, ?info, ?warn, ?error, not 'loud'/)
  })
})

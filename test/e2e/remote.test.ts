import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {readdir, readFile, rm, stat, writeFile} from 'node:fs/promises'
import {hostname, networkInterfaces} from 'node:os'
import path from 'node:path'
import {describe, it} from 'mocha'
import {connect} from '../../src/core/client/api/connect.js'
import {statePaths} from '../../src/core/base/state-directory.js'
import type {StackStatus} from '../../src/core/contract/status.js'
import type {DaemonInfo} from '../../src/core/protocol/methods.js'
import {bin, Sandbox, until} from '../support/harness.js'
import {beginOnTerminal, endOf, hasTerminals} from '../support/heard.js'
import {installOtherVersion} from '../support/other-version.js'
import {needs} from '../support/needs.js'

/** An address of this machine that is not loopback, where it has one. */
function outerAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? [])
  return addresses.find(({family, internal}) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1'
}

interface Elsewhere {
  /** The machine of the daemon. */
  readonly there: Sandbox
  readonly url: string
  readonly publicKey: string
  readonly token: string
}

async function startElsewhere(there: Sandbox): Promise<Elsewhere> {
  const listen = ['--listen', '0.0.0.0:0', '--allow-remote']
  const started = await there.run('daemon', 'start', ...listen)
  assert.equal(started.code, 0, started.stderr)
  const {listeners, publicKey} = await there.json<DaemonInfo>('daemon', 'status')
  const port = new URL(listeners.find((each) => each.startsWith('wss:')) ?? '').port
  const token = (await readFile(statePaths(there.state).token, 'utf8')).trim()
  return {there, url: `wss://${outerAddress()}:${port}`, publicKey, token}
}

function runWithInput(sandbox: Sandbox, input: string, ...args: readonly string[]) {
  const options = {cwd: sandbox.folder, env: sandbox.env, input, encoding: 'utf8'} as const
  return spawnSync(process.execPath, [bin, ...args], options)
}

describe('a daemon on another machine', function () {
  this.timeout(60_000)

  it('that speaks another version says what to do on its machine, and nothing of the daemon here', async () => {
    await using there = await Sandbox.make()
    await using here = await Sandbox.make()
    const other = await installOtherVersion(path.join(path.dirname(there.folder), 'next'))
    for (const [daemon, client, hint] of [
      [bin, other, /Upgrade harness on its machine, then run `harness daemon restart` there: services keep running/],
      [other, bin, /Upgrade harness on this machine, or install the version of this one on that machine and run/],
    ] as const) {
      there.command = daemon
      here.command = client
      const {url, publicKey, token} = await startElsewhere(there)
      await writeFile(path.join(here.folder, 'token'), `${token}\n`, {mode: 0o600})
      const trust = ['daemon', 'trust', url, '--fingerprint', publicKey, '--token-file', 'token']
      here.command = daemon
      const trusted = await here.run(...trust)
      assert.equal(trusted.code, 0, trusted.stderr)
      here.command = client
      const refused = await here.run('ls', '--daemon', url)
      assert.equal(refused.code, 7, refused.stderr)
      assert.match(refused.stderr, hint)
      assert.doesNotMatch(refused.stderr, /Run `harness daemon restart`|go back to this one/)
      const options = {stateDirectory: here.state, url, fingerprint: publicKey, token}
      if (client === bin)
        await assert.rejects(connect(options), (error: Error & {hint: string}) => hint.test(error.hint))
      assert.equal((await there.run('daemon', 'stop')).code, 0)
    }
  })

  it('is refused until it is trusted and has been shown its token, each time with the command to type', async () => {
    await using there = await Sandbox.make()
    await using here = await Sandbox.make()
    const {url, publicKey, token} = await startElsewhere(there)
    const unknown = await here.run('ls', '--daemon', url)
    assert.equal(unknown.code, 7)
    assert.match(unknown.stderr, new RegExp(`is not trusted yet: it shows the public key ${escape(publicKey)}`))
    const trust = ['daemon', 'trust', url, '--fingerprint', publicKey]
    assert.ok(unknown.stderr.includes(`run \`harness ${trust.join(' ')}\``), unknown.stderr)

    const wrong = await here.run('daemon', 'trust', url, '--fingerprint', `SHA256:${'A'.repeat(43)}`)
    assert.equal(wrong.code, 7)
    assert.match(wrong.stderr, /SOMEBODY MAY BE BETWEEN YOU AND IT\. Nothing was sent/)

    assert.equal((await here.run(...trust)).code, 0)
    const noToken = await here.run('ls', '--daemon', url)
    assert.equal(noToken.code, 7)
    assert.match(
      noToken.stderr,
      new RegExp(`cat .local/state/harness/token \\| harness daemon trust ${escape(url)} --token-file -`),
    )

    const refused = runWithInput(here, 'f'.repeat(64), ...trust, '--token-file', '-')
    assert.equal(refused.status, 7, refused.stderr)
    assert.match(refused.stderr, /the token is not its own/)
    const taken = runWithInput(here, `${token}\n`, ...trust, '--token-file', '-')
    assert.equal(taken.status, 0, taken.stderr)

    here.variables = {HARNESS_DAEMON: url}
    const {stdout: topology} = await here.run('registry', 'topology')
    assert.equal(topology.split('\n')[0], `${hostname()} (the daemon's machine)`)
    assert.match((await there.run('registry', 'topology')).stdout, /^this machine \(/)
    const info = await here.json<DaemonInfo>('daemon', 'status')
    assert.equal(info.stateDir, there.state)
    const {remotes} = statePaths(here.state)
    for (const name of await readdir(remotes)) {
      assert.equal((await stat(path.join(remotes, name))).mode & 0o777, 0o600, name)
    }
    const doctor = await here.run('doctor')
    assert.match(doctor.stderr, /This is about the daemon of this machine, not about that of HARNESS_DAEMON/)
    assert.deepEqual(await here.processes(), [], 'no daemon was started here')

    const unnamed = await here.run('daemon', 'stop')
    assert.equal(unnamed.stdout, 'No daemon is running.\n')
    assert.match(unnamed.stderr, /not about that of HARNESS_DAEMON/)
    const stopped = await here.run('daemon', 'stop', '--daemon', url)
    assert.equal(stopped.code, 0, stopped.stderr)
    assert.ok(stopped.stdout.includes(`Stopped the harness daemon at ${url} (pid `), stopped.stdout)
    await until(async () => (await there.processes()).length === 0, 'it has ended')
    const gone = await here.run('status')
    assert.equal(gone.code, 7)
    assert.match(gone.stderr, /See on its machine with `harness daemon status` where it listens/)
  })

  it('is reached by a program, with what it is given or what was trusted', async () => {
    await using there = await Sandbox.make()
    await using here = await Sandbox.make()
    const {url, publicKey, token} = await startElsewhere(there)
    const wish = {stateDirectory: here.state, url}
    await assert.rejects(connect(wish), {code: 'DAEMON_UNTRUSTED', subject: url})
    await assert.rejects(connect({...wish, fingerprint: publicKey}), {code: 'UNAUTHORIZED', subject: url})
    {
      await using client = await connect({...wish, fingerprint: publicKey, token})
      assert.equal((await client.daemon.info()).stateDir, there.state)
    }
    runWithInput(here, token, 'daemon', 'trust', url, '--fingerprint', publicKey, '--token-file', '-')
    await using client = await connect(wish)
    assert.equal((await client.daemon.info()).stateDir, there.state)
    const other = `SHA256:${'A'.repeat(43)}`
    await assert.rejects(connect({...wish, fingerprint: other}), {code: 'CERTIFICATE_MISMATCH'})
  })

  it('runs a stack with its own PATH and the .env file from here, and says what is not from here', async () => {
    await using there = await Sandbox.make()
    await using here = await Sandbox.make()
    const {url, publicKey, token} = await startElsewhere(there)
    await here.write(token, 'token')
    runWithInput(here, token, 'daemon', 'trust', url, '--fingerprint', publicKey, '--token-file', '-')
    await here.write('FROM_FILE=canary-file\n', '.env')
    await here.write(`
secrets: {key: {env: FROM_SHELL}}
services:
  api: {type: process, binary: sleep, args: ['1000'], env: {KEY: '\${secret.key}'}}
`)
    here.variables = {HARNESS_DAEMON: url, FROM_SHELL: 'canary-shell', PATH: `/only/here:${process.env['PATH'] ?? ''}`}
    const started = await here.run('start')
    assert.equal(started.code, 0, started.stderr)
    assert.match(started.stderr, /Folders, programs and ports are those of /)
    const {services} = await here.json<StackStatus>('status')
    assert.deepEqual(
      services.map(({name, state}) => `${name} ${state}`),
      ['api Running'],
    )
    const environ = await readFile(`/proc/${services[0]?.pid ?? 0}/environ`, 'utf8')
    assert.ok(environ.includes('\0FROM_FILE=canary-file\0') && environ.includes('KEY=canary-shell'), environ)
    assert.ok(!environ.includes('FROM_SHELL') && !environ.includes('/only/here') && environ.includes('PATH='), environ)
    assert.equal((await here.run('stop')).code, 0)
  })

  it('is refused loudly when its key was damaged and made anew, which its log tells with both keys', async () => {
    await using there = await Sandbox.make()
    await using here = await Sandbox.make()
    const {url, publicKey, token} = await startElsewhere(there)
    runWithInput(here, token, 'daemon', 'trust', url, '--fingerprint', publicKey, '--token-file', '-')
    await there.run('daemon', 'stop')
    await writeFile(statePaths(there.state).key, 'half a key')
    const examined = await there.run('doctor')
    assert.equal(examined.code, 7)
    assert.match(examined.stdout, /tls-key\.pem' cannot be used: it is no private key in PEM/)
    const again = await there.run('daemon', 'start', '--listen', `0.0.0.0:${new URL(url).port}`, '--allow-remote')
    assert.equal(again.code, 0, again.stderr)
    const {publicKey: changed} = await there.json<DaemonInfo>('daemon', 'status')
    const refused = await here.run('status', '--daemon', url)
    assert.equal(refused.code, 7)
    assert.ok(refused.stderr.includes(`expected ${publicKey}`) && refused.stderr.includes(`got      ${changed}`))
    const {stdout} = await there.run('daemon', 'logs')
    assert.ok(stdout.includes(`oldPublicKey=${publicKey} newPublicKey=${changed}`), stdout)
    const later = await there.run('doctor')
    assert.equal(later.code, 0, later.stdout)
    assert.match(later.stdout, /▲ certificate .*tls-key\.pem\.corrupt-/)
  })

  it('is refused loudly when its key has changed, until it is forgotten', async () => {
    await using there = await Sandbox.make()
    await using here = await Sandbox.make()
    const {url, publicKey, token} = await startElsewhere(there)
    const trusted = runWithInput(here, token, 'daemon', 'trust', url, '--fingerprint', publicKey, '--token-file', '-')
    assert.equal(trusted.status, 0, trusted.stderr)
    await there.run('daemon', 'stop')
    await rm(statePaths(there.state).key)
    const port = new URL(url).port
    const again = await there.run('daemon', 'start', '--listen', `0.0.0.0:${port}`, '--allow-remote')
    assert.equal(again.code, 0, again.stderr)
    const {publicKey: changed} = await there.json<DaemonInfo>('daemon', 'status')
    assert.notEqual(changed, publicKey)
    for (const args of [
      ['status', '--daemon', url],
      ['daemon', 'trust', url],
    ]) {
      const refused = await here.run(...args)
      assert.equal(refused.code, 7)
      assert.match(refused.stderr, /SOMEBODY MAY BE BETWEEN YOU AND IT\. Nothing was sent/)
      assert.ok(refused.stderr.includes(`expected ${publicKey}`) && refused.stderr.includes(`got      ${changed}`))
      assert.ok(refused.stderr.includes(`harness daemon forget ${url}`))
    }
    assert.equal((await here.run('daemon', 'forget', url)).code, 0)
    const fresh = await here.run('daemon', 'trust', url)
    assert.equal(fresh.code, 7)
    assert.match(fresh.stderr, /is not trusted yet/)
  })

  it('is asked about at a terminal: only a yes is one, and it is remembered', async function () {
    needs(this, hasTerminals(), 'script (util-linux), for a terminal')
    await using there = await Sandbox.make()
    await using here = await Sandbox.make()
    const {url, publicKey, token} = await startElsewhere(there)
    const file = await here.write(`${token}\n`, 'token')
    here.variables = {HARNESS_TOKEN_FILE: file}
    const open = await here.run('daemon', 'trust', url, '--fingerprint', publicKey)
    assert.equal(open.code, 2)
    assert.match(open.stderr, /its mode is 6\d\d, expected 600/)
    await here.run('daemon', 'forget', url)
    await rm(file)
    await writeFile(file, token, {mode: 0o600})
    for (const [answer, code] of [
      ['n', 7],
      ['yes', 0],
    ] as const) {
      const heard = beginOnTerminal(here, 'ls', '--daemon', url)
      await until(() => heard.text().includes('[y/N]'), 'it asks')
      assert.ok(heard.text().includes(publicKey))
      const end = endOf(heard)
      heard.child.stdin?.write(`${answer}\r`)
      assert.equal((await end).code, code, heard.text())
    }
    assert.equal((await here.run('ls', '--daemon', url)).code, 0)
  })

  it('is named by wss://HOST:PORT and nothing else, and listens for others only when that is said', async () => {
    await using sandbox = await Sandbox.make()
    for (const url of ['ws://x:1', 'wss://u:secret@x:1', 'wss://x:1/?token=secret', 'x:1']) {
      const {code, stderr} = await sandbox.run('status', '--daemon', url)
      assert.equal(code, 2, stderr)
      assert.match(stderr, /expected wss:\/\/HOST:PORT and nothing more/)
      assert.ok(!stderr.includes('secret'), stderr)
    }
    const {code, stderr} = await sandbox.run('daemon', '--listen', '0.0.0.0:0')
    assert.equal(code, 2)
    assert.match(stderr, /other machines can reach this address/)
  })
})

function escape(text: string): string {
  return text.replace(/[.+/?]/g, String.raw`\$&`)
}

import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {once} from 'node:events'
import {chmod, chown, mkdir, mkdtemp, readdir, rm, symlink, writeFile} from 'node:fs/promises'
import {createServer} from 'node:net'
import path from 'node:path'
import {describe, it} from 'mocha'
import type {Finding} from '../../src/cli/doctor/finding.js'
import {createPrivateFile} from '../../src/core/base/private-files.js'
import {statePaths} from '../../src/core/base/state-directory.js'
import {makeCertificate} from '../../src/core/transport/make-certificate.js'
import {Sandbox, type Ran} from '../support/harness.js'
import {needs} from '../support/needs.js'

interface Report {
  readonly healthy: boolean
  readonly checks: readonly Finding[]
}

async function examine(sandbox: Sandbox): Promise<{readonly broken: readonly Finding[]; readonly ran: Ran}> {
  const ran = await sandbox.run('doctor', '--json')
  const {healthy, checks} = JSON.parse(ran.stdout) as Report
  const broken = checks.filter(({status}) => status === 'broken')
  assert.equal(healthy, broken.length === 0, ran.stdout)
  assert.equal(ran.code === 0, healthy)
  return {broken, ran}
}

/** The one thing that is broken. */
async function brokenThing(sandbox: Sandbox): Promise<Finding & {readonly exit: number}> {
  const {broken, ran} = await examine(sandbox)
  const [first, ...others] = broken
  assert.ok(first && others.length === 0, ran.stdout)
  return {...first, exit: ran.code}
}

describe('harness doctor', function () {
  this.timeout(60_000)

  it('finds nothing broken before the first start and beside a daemon, and leaves nothing behind', async () => {
    await using sandbox = await Sandbox.make()
    assert.deepEqual((await examine(sandbox)).broken, [])
    assert.deepEqual(await readdir(path.dirname(sandbox.state)), ['stack'])
    assert.equal((await sandbox.run('daemon', 'start')).code, 0)
    const before = await readdir(sandbox.state)
    const {stdout, code} = await sandbox.run('doctor')
    assert.equal(code, 0, stdout)
    assert.match(stdout, new RegExp(String.raw`✔ daemon +pid ${await sandbox.daemonPid()}, at unix:`))
    assert.deepEqual(await readdir(sandbox.state), before)
  })

  it('explains a journal that cannot be read, and its fix works', async () => {
    await using sandbox = await Sandbox.make()
    const {store} = statePaths(sandbox.state)
    await mkdir(store, {recursive: true, mode: 0o700})
    await createPrivateFile(path.join(store, 'journal'), 'this was a journal\nonce\n')
    const found = await brokenThing(sandbox)
    assert.equal(found.name, 'journal')
    assert.equal(found.message, `'${store}/journal' cannot be read after byte 0: 24 bytes are no whole records`)
    assert.match(found.fix ?? '', /^harness daemon restart /)
    assert.equal((await sandbox.run('daemon', 'restart')).code, 0)
    assert.deepEqual((await examine(sandbox)).broken, [])
  })

  it('explains a directory where the journal should be', async () => {
    await using sandbox = await Sandbox.make()
    const {store} = statePaths(sandbox.state)
    await mkdir(path.join(store, 'journal'), {recursive: true, mode: 0o700})
    const found = await brokenThing(sandbox)
    assert.equal(found.name, 'journal')
    assert.match(found.message, /'journal' cannot be read \(EISDIR/)
  })

  it('explains a file in place of the state directory', async () => {
    await using sandbox = await Sandbox.make()
    await writeFile(sandbox.state, '')
    const {name, message, exit} = await brokenThing(sandbox)
    assert.deepEqual([name, exit], ['state', 5])
    assert.match(message, /it is not a directory/)
    await rm(sandbox.state)
  })

  it('explains a state directory that is open to others, and how to close it', async () => {
    await using sandbox = await Sandbox.make()
    await mkdir(sandbox.state)
    await chmod(sandbox.state, 0o777)
    const {name, message, fix} = await brokenThing(sandbox)
    assert.equal(name, 'state')
    assert.match(message, /its mode is 777, expected 700/)
    assert.match(fix ?? '', new RegExp(`chmod 700 '${sandbox.state}'`))
    await chmod(sandbox.state, 0o700)
    assert.deepEqual((await examine(sandbox)).broken, [])
  })

  it('explains a state directory that is a symbolic link', async () => {
    await using sandbox = await Sandbox.make()
    const real = await mkdtemp(path.join(sandbox.folder, 'real-'))
    await symlink(real, sandbox.state)
    const {name, message} = await brokenThing(sandbox)
    assert.equal(name, 'state')
    assert.match(message, /it is a symbolic link/)
  })

  it('explains a state directory, and a file inside, that belong to somebody else', async function () {
    needs(this, process.getuid?.() === 0, 'root, to give files away')
    await using sandbox = await Sandbox.make()
    await mkdir(sandbox.state, {mode: 0o700})
    await chown(sandbox.state, 65_534, 65_534)
    const whole = await brokenThing(sandbox)
    assert.equal(whole.name, 'state')
    assert.match(whole.message, /it belongs to user 65534/)
    assert.match(whole.fix ?? '', new RegExp(`sudo chown -R 0 '${sandbox.state}'`))
    await chown(sandbox.state, 0, 0)
    const {token} = statePaths(sandbox.state)
    await createPrivateFile(token, 'x')
    await chown(token, 65_534, 65_534)
    const inside = await brokenThing(sandbox)
    assert.equal(inside.message, `'${token}' belongs to user 65534`)
    assert.equal(inside.fix, `sudo chown -R 0 '${sandbox.state}'`)
  })

  it('explains a directory in place of a file, and a file in place of a directory, and its fix works', async () => {
    await using sandbox = await Sandbox.make()
    const {lock, info, log, token, key, certificate, runs, store, remotes, plugins} = statePaths(sandbox.state)
    const kinds = [
      ...[lock, info, log, token, key, certificate].map((place) => ({place, is: 'directory', belongs: 'file'})),
      ...[runs, store, remotes, plugins].map((place) => ({place, is: 'file', belongs: 'directory'})),
    ]
    await mkdir(sandbox.state, {mode: 0o700})
    for (const {place, is} of kinds) {
      if (is === 'file') await createPrivateFile(place, '')
      else await mkdir(place, {mode: 0o755})
    }
    const {broken} = await examine(sandbox)
    const byPlace = (texts: readonly (readonly unknown[])[]) => [...texts].sort()
    assert.deepEqual(
      byPlace(broken.map(({name, message, fix, code}) => [message, fix, name, code])),
      byPlace(
        kinds.map(({place, is, belongs}) => [
          `'${place}' is a ${is}, and a ${belongs} belongs there`,
          `mv '${place}' '${place}.old'`,
          ...['state', 'STATE_UNSAFE'],
        ]),
      ),
    )
    const logs = await sandbox.run('daemon', 'logs')
    assert.equal(logs.code, 5)
    assert.ok(logs.stderr.includes(`Run \`mv '${log}' '${log}.old'\``), logs.stderr)
    for (const {fix} of broken) execFileSync('sh', ['-c', fix ?? ''])
    for (const name of await readdir(sandbox.state)) await chmod(path.join(sandbox.state, name), 0o700)
    assert.deepEqual((await examine(sandbox)).broken, [])
    assert.equal((await sandbox.run('daemon', 'start')).code, 0)
  })

  it('explains what is kept of daemons elsewhere and cannot be used', async () => {
    await using sandbox = await Sandbox.make()
    const {remotes} = statePaths(sandbox.state)
    await mkdir(remotes, {recursive: true, mode: 0o700})
    const token = path.join(remotes, 'far.example%3A9443.token')
    const known = path.join(remotes, 'known-daemons.json')
    await createPrivateFile(token, 'half')
    const damaged = await brokenThing(sandbox)
    assert.deepEqual([damaged.name, damaged.code, damaged.exit], ['remotes', 'STATE_UNSAFE', 5])
    assert.ok(damaged.message.includes(`'${token}'`) && damaged.message.includes('wss://far.example:9443'))
    assert.match(damaged.fix ?? '', /harness daemon trust wss:\/\/far\.example:9443 --token-file -/)
    await writeFile(token, 'a1'.repeat(32))
    await createPrivateFile(known, '{')
    assert.match((await brokenThing(sandbox)).fix ?? '', new RegExp(`rm '${known}'`))
    await writeFile(known, JSON.stringify({'wss://far.example:9443': {publicKey: `SHA256:${'A'.repeat(43)}`}}))
    await chmod(token, 0o644)
    assert.equal((await brokenThing(sandbox)).fix, `chmod 600 '${token}'`)
    await chmod(token, 0o600)
    const {ran, broken} = await examine(sandbox)
    assert.deepEqual(broken, [])
    assert.match(ran.stdout, /1 daemon elsewhere known, 1 with a token/)
  })

  it('explains a place where no directory can be made', async () => {
    await using sandbox = await Sandbox.make()
    sandbox.variables = {HARNESS_STATE_DIR: '/proc/harness/state'}
    const {name, message} = await brokenThing(sandbox)
    assert.equal(name, 'state')
    assert.match(message, /'\/proc\/harness\/state'.* a part of its path cannot be made/)
  })

  it('names the process that has a port which a service wants', async () => {
    await using sandbox = await Sandbox.make()
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    try {
      const address = server.address()
      const port = typeof address === 'object' ? (address?.port ?? 0) : 0
      await sandbox.write(`services: {web: {type: process, binary: sleep, args: ['1000'], ports: [${port}]}}`)
      const {name, message, fix, code, exit} = await brokenThing(sandbox)
      assert.deepEqual([name, code, exit], ['ports', 'PORT_BUSY', 4])
      assert.ok(
        message.startsWith(`port ${port}, which service 'web' wants, is in use by pid ${process.pid} (`),
        message,
      )
      assert.ok(fix?.startsWith(`kill ${process.pid}`), fix ?? '')
    } finally {
      server.close()
    }
  })

  it('takes a port of its own service for what it is', async () => {
    await using sandbox = await Sandbox.make()
    const listen = `require('net').createServer().listen(process.env.PORT, '127.0.0.1')`
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0
    server.close()
    await once(server, 'close')
    await sandbox.write(
      `services: {web: {type: process, binary: node, args: [-e, "${listen}"], ports: [${port}], env: {PORT: '${port}'}, health_check: {tcp: ${port}}}}`,
    )
    const started = await sandbox.run('start')
    assert.equal(started.code, 0, started.stderr)
    assert.deepEqual((await examine(sandbox)).broken, [])
    await sandbox.killDaemon()
    assert.deepEqual((await examine(sandbox)).broken, [])
  })

  it('explains an expired certificate, and its fix works', async () => {
    await using sandbox = await Sandbox.make()
    const paths = statePaths(sandbox.state)
    await mkdir(sandbox.state, {mode: 0o700})
    const {certificate, key} = await makeCertificate(Date.now() - 400 * 86_400_000)
    await createPrivateFile(paths.certificate, certificate)
    await createPrivateFile(paths.key, key)
    const {name, message, fix, exit} = await brokenThing(sandbox)
    assert.deepEqual([name, fix, exit], ['certificate', 'harness daemon restart', 7])
    assert.match(message, /^it expired 3[45]d .* ago, on /)
    assert.equal((await sandbox.run('daemon', 'restart')).code, 0)
    assert.deepEqual((await examine(sandbox)).broken, [])
  })
})

import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync} from 'node:fs'
import {once} from 'node:events'
import {createServer, type AddressInfo} from 'node:net'
import path from 'node:path'
import {Sandbox, until} from '../../support/harness.js'
import {needs} from '../../support/needs.js'
import {clientConfig, hasSshd, startSshd, type Sshd} from '../../support/sshd.js'
import {atTerminal} from '../../support/pty.js'

describe('harness ssh trust', () => {
  let sshd: Sshd
  let jump: Sshd
  let sandbox: Sandbox
  let known: string
  const servers: Sshd[] = []

  before(async function () {
    needs(this, hasSshd(), 'sshd and the rights of root')
    sshd = await startSshd({hostKeys: ['ed25519', 'rsa']})
    jump = await startSshd()
    servers.push(sshd, jump)
  })
  after(() => {
    for (const server of servers) server[Symbol.dispose]()
  })
  beforeEach(async () => {
    sandbox = await Sandbox.make()
    known = path.join(sandbox.folder, 'ssh', 'known_hosts')
    await configure()
  })
  afterEach(() => sandbox[Symbol.asyncDispose]())

  async function configure(more = ''): Promise<void> {
    const config = await sandbox.write(
      `${more}UserKnownHostsFile ${known}\n${clientConfig({there: sshd})}`,
      'ssh_config',
    )
    sandbox.variables = {HARNESS_SSH_CONFIG: config}
  }
  const fingerprint = (): string =>
    execFileSync('ssh-keygen', ['-lf', '-'], {input: sshd.hostKeys[0]}).toString().split(' ')[1] ?? ''

  it('writes the key of a host that is confirmed by its fingerprint', async () => {
    const ran = await sandbox.run('ssh', 'trust', 'there', '--fingerprint', fingerprint())
    assert.equal(ran.stderr, '')
    assert.equal(ran.code, 0)
    assert.ok(ran.stdout.includes(`127.0.0.1:${sshd.port}: ssh-ed25519 ${fingerprint()}`))
    assert.equal(readFileSync(known, 'utf8'), `[127.0.0.1]:${sshd.port} ${sshd.hostKeys[0] ?? ''}\n`)
    assert.equal(statSync(known).mode & 0o777, 0o600)
    assert.equal(statSync(path.dirname(known)).mode & 0o777, 0o700)
  })

  it('writes what OpenSSH takes', async () => {
    await configure('HashKnownHosts yes\n')
    assert.equal((await sandbox.run('ssh', 'trust', 'there', '--yes')).code, 0)
    assert.match(readFileSync(known, 'utf8'), /^\|1\|/)
    const args = [
      '-F',
      sandbox.variables['HARNESS_SSH_CONFIG'] ?? '',
      '-o',
      'StrictHostKeyChecking=yes',
      'there',
      'echo',
      'in',
    ]
    assert.equal(execFileSync('ssh', args).toString(), 'in\n')
  })

  it('says that it is known already', async () => {
    await sandbox.run('ssh', 'trust', 'there', '--yes')
    const before = readFileSync(known)
    const again = await sandbox.json<{isNew: boolean}>('ssh', 'trust', 'there', '--yes')
    assert.equal(again.isNew, false)
    assert.ok(readFileSync(known).equals(before))
  })

  it('adds to what stands there, also without a line break at its end', async () => {
    mkdirSync(path.dirname(known))
    writeFileSync(known, 'example.org ssh-ed25519 AAAA')
    assert.equal((await sandbox.run('ssh', 'trust', 'there', '--yes')).code, 0)
    assert.deepEqual(readFileSync(known, 'utf8').split('\n').slice(0, 2), [
      'example.org ssh-ed25519 AAAA',
      `[127.0.0.1]:${sshd.port} ${sshd.hostKeys[0] ?? ''}`,
    ])
  })

  it('refuses another key than the one that is expected', async () => {
    const ran = await sandbox.run('ssh', 'trust', 'there', '--fingerprint', 'SHA256:another')
    assert.equal(ran.code, 5)
    assert.match(ran.stderr, /where SHA256:another is expected/)
    assert.ok(!existsSync(known))
  })

  it('asks nobody where there is nobody', async () => {
    const ran = await sandbox.run('ssh', 'trust', 'there')
    assert.equal(ran.code, 2)
    assert.ok(ran.stderr.includes(`--fingerprint ${fingerprint()}`))
    assert.ok(!existsSync(known))
  })

  it('refuses a changed key, and replaces it when told to', async () => {
    const real = path.join(sandbox.folder, 'real_known_hosts')
    mkdirSync(path.dirname(known))
    symlinkSync(real, known)
    const old = `[127.0.0.1]:${sshd.port} ${jump.hostKeys[0] ?? ''}`
    writeFileSync(real, `# mine\n${old}\nexample.org ssh-ed25519 AAAA\n`, {mode: 0o640})
    const refused = await sandbox.run('ssh', 'trust', 'there', '--yes')
    assert.equal(refused.code, 5)
    assert.match(refused.stderr, /known_hosts:2 has ssh-ed25519 SHA256:/)
    assert.match(refused.stderr, /--replace/)
    assert.equal((await sandbox.run('ssh', 'trust', 'there', '--yes', '--replace')).code, 0)
    assert.equal(
      readFileSync(real, 'utf8'),
      `# mine\nexample.org ssh-ed25519 AAAA\n[127.0.0.1]:${sshd.port} ${sshd.hostKeys[0] ?? ''}\n`,
    )
    assert.equal(statSync(real).mode & 0o777, 0o640)
  })

  it('reaches a host behind another, which must be trusted itself', async () => {
    const config = `Host there\n ProxyJump jump\nHost there\n UserKnownHostsFile ${known}\n${clientConfig({jump, there: sshd})}`
    sandbox.variables = {HARNESS_SSH_CONFIG: await sandbox.write(config, 'ssh_config')}
    assert.equal((await sandbox.run('ssh', 'trust', 'there', '--yes')).code, 0)
    assert.ok(readFileSync(known, 'utf8').includes(sshd.hostKeys[0] ?? ''))
    assert.match(jump.said(), /Accepted publickey/)
    await sandbox.write(`Host jump\n UserKnownHostsFile ${known}\n${config}`, 'ssh_config')
    const refused = await sandbox.run('ssh', 'trust', 'there', '--yes')
    assert.equal(refused.code, 5)
    assert.match(refused.stderr, /it is the jump host on the way/)
  })

  it('says what is wrong with a host in one line', async () => {
    const ran = await sandbox.run('ssh', 'trust', '--', '-oProxyCommand=touch pwned')
    assert.equal(ran.code, 3)
    assert.match(ran.stderr, /begins with '-'/)
    const gone = await sandbox.run('ssh', 'trust', 'no-such-host.invalid')
    assert.equal(gone.code, 5)
  })

  it('says that a host hangs up, whenever it does', async () => {
    for (const ms of [0, 1, 2, 3, 5]) {
      const rude = createServer((socket) => setTimeout(() => socket.resetAndDestroy(), ms)).listen(0, '127.0.0.1')
      await once(rude, 'listening')
      const {port} = rude.address() as AddressInfo
      const ran = await sandbox.run('ssh', 'trust', '127.0.0.1', '--port', String(port), '--yes')
      rude.close()
      assert.equal(ran.code, 5, ran.stderr)
      assert.match(ran.stderr, /: (it|what answers there) hung up/)
    }
  })

  it('asks at a terminal', async () => {
    await using terminal = atTerminal(sandbox, 'ssh', 'trust', 'there')
    await terminal.shows('Is that its key?')
    assert.ok(terminal.text().replaceAll(/\s/g, '').includes(fingerprint()))
    terminal.pty.write('y\r')
    await until(() => existsSync(known), 'it is written')
  })
})

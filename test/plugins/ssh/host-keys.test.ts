import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {writeFileSync} from 'node:fs'
import path from 'node:path'
import {isHarnessError} from '../../../src/core/base/errors.js'
import {never} from '../../core/process/temporary.js'
import {needs} from '../../support/needs.js'
import {clientConfig, hasSshd, makeKey, startSshd, type Sshd} from '../../support/sshd.js'
import {refusal, sshParts} from './ssh-parts.js'

describe('the key of a host', () => {
  let sshd: Sshd
  let other: Sshd
  const servers: Sshd[] = []

  before(async function () {
    needs(this, hasSshd(), 'sshd and the rights of root')
    sshd = await startSshd({hostKeys: ['rsa', 'ecdsa', 'ed25519']})
    other = await startSshd()
    servers.push(sshd, other)
  })
  after(() => {
    for (const server of servers) server[Symbol.dispose]()
  })

  const keyOf = (type: 'ecdsa' | 'ed25519' | 'rsa'): string => {
    const at = ['rsa', 'ecdsa', 'ed25519'].indexOf(type)
    return sshd.hostKeys[at] ?? ''
  }
  const place = (): string => `[127.0.0.1]:${sshd.port}`

  /** With such a file of known hosts, and what else the configuration says. */
  async function connecting(known: string, more = ''): Promise<{readonly error?: unknown; readonly file: string}> {
    await using parts = sshParts('')
    const file = path.join(parts.folder, 'known_hosts')
    writeFileSync(file, known)
    writeFileSync(
      parts.configFile,
      `${more}UserKnownHostsFile ${path.join(parts.folder, 'none')} ${file}\n${clientConfig({there: sshd})}`,
    )
    await using host = await parts.pool.hold({host: 'there'})
    try {
      await host.connect(never)
      return {file}
    } catch (error) {
      return {error, file}
    }
  }
  const taken = async (known: string, more?: string): Promise<void> => {
    const {error} = await connecting(known, more)
    assert.equal(error, undefined)
  }
  const refused = async (known: string, more?: string) => {
    const {error, file} = await connecting(known, more)
    assert.ok(isHarnessError(error), `an error of harness was expected, and it was ${String(error)}`)
    const {code, message, hint} = error
    return {code, message, hint, file}
  }
  const printOf = (line: string): string =>
    execFileSync('ssh-keygen', ['-lf', '-'], {input: line}).toString().split(' ')[1] ?? ''

  it('is taken when it is known', () => taken(`${place()} ${keyOf('ed25519')}\n`))

  it('is taken when its name is hidden', async () => {
    await using parts = sshParts('')
    const file = path.join(parts.folder, 'hidden')
    writeFileSync(file, `${place()} ${keyOf('ed25519')}\nexample.org ${keyOf('rsa')}\n`)
    execFileSync('ssh-keygen', ['-H', '-f', file], {stdio: 'ignore'})
    const {readFileSync} = await import('node:fs')
    const hidden = readFileSync(file, 'utf8')
    assert.match(hidden, /^\|1\|/)
    await taken(hidden)
  })

  for (const type of ['rsa', 'ecdsa', 'ed25519'] as const)
    it(`is asked for by the kind that is known: ${type}`, () => taken(`${place()} ${keyOf(type)}\n`))

  it('is found by patterns, unless one rules it out', async () => {
    await taken(`[127.0.0.*]:* ${keyOf('ed25519')}\n`)
    assert.equal((await refused(`[127.0.0.*]:*,!${place()} ${keyOf('ed25519')}\n`)).code, 'SSH_HOST_UNKNOWN')
  })

  it('is found without its port, as OpenSSH does', () => taken(`127.0.0.1 ${keyOf('ed25519')}\n`))

  it('is found by the alias that the configuration gives', () =>
    taken(`the-machine ${keyOf('ed25519')}\n`, 'HostKeyAlias the-machine\n'))

  it('is refused when it is not known, with its fingerprint and what to type', async () => {
    const error = await refused(`example.org ${keyOf('ed25519')}\n# ${place()} ${keyOf('ed25519')}\n`)
    assert.equal(error.code, 'SSH_HOST_UNKNOWN')
    assert.ok(error.message.includes(`ssh-ed25519 ${printOf(keyOf('ed25519'))}`))
    assert.match(error.hint, /`harness ssh trust there`/)
  })

  it('is refused although the configuration would take any', async () => {
    assert.equal((await refused('', 'StrictHostKeyChecking no\n')).code, 'SSH_HOST_UNKNOWN')
  })

  it('is refused when it is another one, with both fingerprints and the line of the old one', async () => {
    const error = await refused(`# a comment\n${place()} ${other.hostKeys[0] ?? ''}\n`)
    assert.equal(error.code, 'SSH_HOST_CHANGED')
    for (const part of [printOf(keyOf('ed25519')), printOf(other.hostKeys[0] ?? ''), `${error.file}:2`])
      assert.ok(error.message.includes(part), `${error.message} has ${part}`)
    assert.match(error.hint, /harness ssh trust there --replace/)
  })

  it('is refused when it was revoked, also where it is known', async () => {
    const error = await refused(`${place()} ${keyOf('ed25519')}\n@revoked * ${keyOf('ed25519')}\n`)
    assert.equal(error.code, 'SSH_HOST_REVOKED')
    assert.ok(error.message.includes(`${error.file}:2`))
  })

  it('is not checked by certificates, and that is said', async () => {
    const error = await refused(`@cert-authority * ${other.hostKeys[0] ?? ''}\n`)
    assert.equal(error.code, 'SSH_HOST_UNKNOWN')
    assert.match(error.message, /certificates of an authority, which harness does not know how to check/)
  })

  it('of another kind is not taken for the one that is known', async () => {
    await using parts = sshParts('')
    const only = await startSshd({hostKeys: ['ed25519']})
    try {
      const file = path.join(parts.folder, 'known')
      writeFileSync(file, `[127.0.0.1]:${only.port} ${keyOf('rsa')}\n`)
      writeFileSync(parts.configFile, `UserKnownHostsFile ${file}\n${clientConfig({there: only})}`)
      await using host = await parts.pool.hold({host: 'there'})
      const error = await refusal(host.connect(never))
      assert.equal(error.code, 'SSH_HOST_UNKNOWN')
      assert.match(error.message, /of its keys only ssh-rsa is known/)
    } finally {
      only[Symbol.dispose]()
    }
  })

  it('is checked before any of our keys is shown', async () => {
    const {length} = sshd.said()
    await refused('')
    assert.doesNotMatch(sshd.said().slice(length), /Accepted|Failed publickey/)
  })
})

describe('hosts on the way', () => {
  let jump: Sshd
  let inner: Sshd
  const servers: Sshd[] = []

  before(async function () {
    needs(this, hasSshd(), 'sshd and the rights of root')
    jump = await startSshd()
    inner = await startSshd()
    servers.push(jump, inner)
  })
  after(() => {
    for (const server of servers) server[Symbol.dispose]()
  })

  it('lead to the one behind them, over one connection', async () => {
    await using parts = sshParts(`Host inner\n ProxyJump jump\n${clientConfig({jump, inner})}`)
    await using host = await parts.pool.hold({host: 'inner'})
    const ran = await host.run('echo $SSH_CONNECTION', {signal: never})
    assert.match(ran.stdout.toString(), new RegExp(`127.0.0.1 ${inner.port}\\n$`))
    await using again = await parts.pool.hold({host: 'jump'})
    await again.connect(never)
    assert.equal(jump.said().match(/Accepted publickey/g)?.length, 1)
  })

  it('may be several, as the stack says', async () => {
    await using third = await disposable(startSshd())
    await using parts = sshParts(clientConfig({jump, inner, third: third.sshd}))
    await using host = await parts.pool.hold({host: 'third', jump: 'jump,inner'})
    const ran = await host.run('echo through', {signal: never})
    assert.equal(ran.stdout.toString(), 'through\n')
    assert.match(inner.said(), /Accepted publickey/)
  })

  it('are checked themselves, and named', async () => {
    await using parts = sshParts('')
    const [known, key] = [path.join(parts.folder, 'known'), path.join(parts.folder, 'key')]
    await makeKey(key)
    writeFileSync(known, '')
    writeFileSync(
      parts.configFile,
      `Host inner\n ProxyJump jump\nHost jump\n UserKnownHostsFile ${known}\n${clientConfig({jump, inner})}`,
    )
    await using host = await parts.pool.hold({host: 'inner'})
    const error = await refusal(host.connect(never))
    assert.equal(error.code, 'SSH_HOST_UNKNOWN')
    assert.ok(error.message.includes(`127.0.0.1:${jump.port}'`))
    assert.ok(error.message.includes(`it is the jump host on the way to`))
    assert.match(error.hint, /harness ssh trust jump/)
  })

  it('say what they do not reach', async () => {
    await using parts = sshParts(`Host gone\n HostName 127.0.0.1\n Port 1\n ProxyJump jump\n${clientConfig({jump})}`)
    await using host = await parts.pool.hold({host: 'gone'})
    const error = await refusal(host.connect(never))
    assert.equal(error.code, 'SSH_UNREACHABLE')
    assert.match(error.message, /its jump host .*:\d+ does not reach it: .*Connection refused/)
  })
})

async function disposable(starting: Promise<Sshd>): Promise<{readonly sshd: Sshd} & AsyncDisposable> {
  const sshd = await starting
  return {
    sshd,
    [Symbol.asyncDispose]: () => {
      sshd[Symbol.dispose]()
      return Promise.resolve()
    },
  }
}

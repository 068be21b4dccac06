import {strict as assert} from 'node:assert'
import {createPrivateKey, X509Certificate} from 'node:crypto'
import {chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {afterEach, beforeEach, describe, it} from 'mocha'
import {createLog} from '../../../src/core/base/log.js'
import {statePaths} from '../../../src/core/base/state-directory.js'
import {loadIdentity} from '../../../src/core/transport/identity.js'
import {makeCertificate} from '../../../src/core/transport/make-certificate.js'
import {createFakeClock, type FakeClock} from './fake-clock.js'

const dayMs = 86_400_000

describe('loadIdentity', () => {
  let directory: string
  let clock: FakeClock
  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'harness-identity-'))
    clock = createFakeClock()
  })
  afterEach(() => rm(directory, {recursive: true}))

  it('makes a token of 32 bytes and a P-256 certificate for this machine, and finds both again', async () => {
    const made = await loadIdentity(directory, clock)
    assert.match(made.token, /^[0-9a-f]{64}$/)
    const certificate = new X509Certificate(made.certificate)
    assert.equal(certificate.subject, 'CN=localhost')
    assert.equal(certificate.checkHost('localhost'), 'localhost')
    assert.equal(certificate.checkIP('127.0.0.1'), '127.0.0.1')
    assert.equal(certificate.publicKey.asymmetricKeyDetails?.namedCurve, 'prime256v1')
    assert.ok(certificate.verify(certificate.publicKey))
    assert.equal(certificate.fingerprint256, made.fingerprint256)
    assert.deepEqual(await loadIdentity(directory, clock), made)
  })

  it('renews the certificate in its last 30 days, and keeps the token and the key', async () => {
    const made = await loadIdentity(directory, clock)
    clock.advance(334 * dayMs)
    assert.equal((await loadIdentity(directory, clock)).certificate, made.certificate)
    clock.advance(2 * dayMs)
    const renewed = await loadIdentity(directory, clock)
    assert.notEqual(renewed.fingerprint256, made.fingerprint256)
    assert.deepEqual([renewed.token, renewed.key, renewed.publicKey], [made.token, made.key, made.publicKey])
    assert.ok(Date.parse(new X509Certificate(renewed.certificate).validTo) > clock.now() + 360 * dayMs)
  })

  it('makes anew what a crash left half written', async () => {
    const made = await loadIdentity(directory, clock)
    const paths = statePaths(directory)
    await writeFile(paths.token, made.token.slice(0, 10))
    await writeFile(paths.key, '')
    const again = await loadIdentity(directory, clock)
    assert.match(again.token, /^[0-9a-f]{64}$/)
    assert.notEqual(again.certificate, made.certificate)
    assert.notEqual(again.publicKey, made.publicKey)
    assert.equal(await readFile(paths.key, 'utf8'), again.key)
  })

  /** What is logged from warnings on, with the time taken off. */
  function heard() {
    const lines: string[] = []
    const log = createLog({clock, level: 'warn', write: (line) => lines.push(line)})
    return {log, lines: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>)}
  }

  const keptAside = async (file: string): Promise<readonly string[]> => {
    const names = await readdir(directory)
    return names.filter((name) => name.startsWith(`${path.basename(file)}.corrupt-`))
  }

  it('keeps a damaged key aside, and says the old public key and the new one', async () => {
    const made = await loadIdentity(directory, clock)
    const {key} = statePaths(directory)
    await writeFile(key, 'half a key')
    const {log, lines} = heard()
    const again = await loadIdentity(directory, clock, log)
    const [kept = '', ...others] = await keptAside(key)
    assert.deepEqual(others, [])
    assert.equal(await readFile(path.join(directory, kept), 'utf8'), 'half a key')
    assert.equal((await stat(path.join(directory, kept))).mode & 0o777, 0o600)
    const [{level, oldPublicKey, newPublicKey, keptAside: files} = {}] = lines()
    assert.deepEqual([level, oldPublicKey, newPublicKey], ['error', made.publicKey, again.publicKey])
    assert.deepEqual(files, [path.join(directory, kept)])
  })

  it('says of a new key also that the old public key is not known, and nothing of the first one', async () => {
    const first = heard()
    await loadIdentity(directory, clock, first.log)
    assert.deepEqual(first.lines(), [])
    const {key, certificate} = statePaths(directory)
    await writeFile(key, '')
    await writeFile(certificate, '')
    const {log, lines} = heard()
    const again = await loadIdentity(directory, clock, log)
    const [{oldPublicKey, newPublicKey} = {}] = lines()
    assert.deepEqual([oldPublicKey, newPublicKey], ['not known', again.publicKey])
    assert.deepEqual([(await keptAside(key)).length, (await keptAside(certificate)).length], [1, 1])
  })

  it('says so when the key is another than that of the certificate', async () => {
    const made = await loadIdentity(directory, clock)
    const {key, certificate} = statePaths(directory)
    await writeFile(key, (await makeCertificate(clock.now())).key)
    const {log, lines} = heard()
    const again = await loadIdentity(directory, clock, log)
    const [{oldPublicKey, newPublicKey} = {}] = lines()
    assert.deepEqual([oldPublicKey, newPublicKey], [made.publicKey, again.publicKey])
    assert.deepEqual([(await keptAside(key)).length, (await keptAside(certificate)).length], [0, 1])
  })

  it('makes a certificate of the same key when only that is broken, and keeps the broken one aside', async () => {
    const made = await loadIdentity(directory, clock)
    const {certificate} = statePaths(directory)
    await writeFile(certificate, 'half')
    const {log, lines} = heard()
    const again = await loadIdentity(directory, clock, log)
    assert.deepEqual(
      lines().map(({level, oldPublicKey, newPublicKey}) => [level, oldPublicKey, newPublicKey]),
      [['warn', made.publicKey, made.publicKey]],
    )
    assert.equal((await keptAside(certificate)).length, 1)
    assert.equal(again.publicKey, made.publicKey)
    assert.ok(new X509Certificate(again.certificate).checkPrivateKey(createPrivateKey(made.key)))
  })

  it('says what to type where a directory lies in place of a file', async () => {
    const {token, key, certificate} = statePaths(directory)
    for (const file of [token, key, certificate]) {
      await mkdir(file)
      await assert.rejects(loadIdentity(directory, clock), (error: Error & {code?: string; hint?: string}) => {
        assert.equal(error.code, 'STATE_UNSAFE')
        assert.ok(error.message.includes(`'${file}'`), error.message)
        assert.ok(error.hint?.startsWith(`Run \`mv '${file}' '${file}.old'\``), error.hint)
        return true
      })
      await rm(file, {recursive: true})
    }
  })

  it('does not use a secret that others can read, nor one behind a link', async () => {
    await loadIdentity(directory, clock)
    const {token} = statePaths(directory)
    await chmod(token, 0o644)
    await assert.rejects(loadIdentity(directory, clock), {code: 'STATE_UNSAFE', subject: token})
    await rm(token)
    await symlink('/etc/hostname', token)
    await assert.rejects(loadIdentity(directory, clock), {code: 'STATE_UNSAFE', subject: token})
  })
})

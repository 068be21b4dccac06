import assert from 'node:assert/strict'
import {EventEmitter, once} from 'node:events'
import {mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {describe, it} from 'mocha'
import {systemClock} from '../../../src/core/base/clock.js'
import {silentLog, type Log} from '../../../src/core/base/log.js'
import {statePaths} from '../../../src/core/base/state-directory.js'
import {connect} from '../../../src/core/client/connect.js'
import {keepCertificate} from '../../../src/core/daemon/keep-certificate.js'
import {loadCertificate, type Certificate} from '../../../src/core/transport/load-certificate.js'
import {createFakeClock} from '../transport/fake-clock.js'
import {startTinyDaemon} from '../transport/tiny-daemon.js'

const dayMs = 86_400_000

describe('the certificate of a daemon that runs for long', () => {
  it('is renewed before it expires: open connections stay, and who has pinned the key comes in as before', async () => {
    await using daemon = await startTinyDaemon()
    const directory = await mkdtemp(path.join(tmpdir(), 'harness-certificate-'))
    const clock = createFakeClock()
    const paths = statePaths(directory)
    const first = await loadCertificate(paths, clock)
    daemon.server.useCertificate(first)
    const ask = (fingerprint: string) =>
      connect({
        stateDirectory: daemon.directory,
        url: daemon.server.url ?? '',
        fingerprint,
        client: {name: 'test', version: '1.0.0'},
        clock: systemClock,
      })
    await using early = await ask(first.publicKey)
    const renewals = new EventEmitter<{renewed: [Certificate]}>()
    const onRenewal = (certificate: Certificate): Promise<void> => {
      renewals.emit('renewed', certificate)
      return Promise.resolve()
    }
    using _keeper = keepCertificate(first, {clock, log: silentLog, paths, server: daemon.server, onRenewal})
    clock.advance(340 * dayMs)
    const [second] = (await once(renewals, 'renewed')) as [Certificate]
    assert.notEqual(second.fingerprint256, first.fingerprint256)
    assert.equal(second.publicKey, first.publicKey)
    assert.deepEqual(await early.call('stack.list', {}), {stacks: []})
    await (await ask(first.publicKey))[Symbol.asyncDispose]()
    await (await ask(second.fingerprint256))[Symbol.asyncDispose]()
    await assert.rejects(ask(first.fingerprint256), {code: 'CERTIFICATE_MISMATCH'})
    await rm(directory, {recursive: true})
  })

  it('is of the key that is in use also when the file of that is damaged, which is put back', async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'harness-certificate-'))
    const clock = createFakeClock()
    const paths = statePaths(directory)
    const first = await loadCertificate(paths, clock)
    await writeFile(paths.key, 'half a key')
    const renewals = new EventEmitter<{renewed: [Certificate]}>()
    const onRenewal = (certificate: Certificate): Promise<void> => {
      renewals.emit('renewed', certificate)
      return Promise.resolve()
    }
    const server = {useCertificate: () => undefined}
    using _keeper = keepCertificate(first, {clock, log: silentLog, paths, server, onRenewal})
    clock.advance(dayMs)
    const [second] = (await once(renewals, 'renewed')) as [Certificate]
    assert.equal(second.publicKey, first.publicKey)
    assert.equal(await readFile(paths.key, 'utf8'), first.key)
    assert.ok((await readdir(directory)).some((name) => name.startsWith('tls-key.pem.corrupt-')))
    await rm(directory, {recursive: true})
  })

  it('stays as it is when it cannot be renewed, which is logged and tried again', async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'harness-certificate-'))
    const clock = createFakeClock()
    const paths = statePaths(directory)
    const first = await loadCertificate(paths, clock)
    await rm(directory, {recursive: true})
    const warnings = new EventEmitter<{warning: [string]}>()
    const log: Log = {...silentLog, warn: (message) => warnings.emit('warning', message)}
    const server = {useCertificate: () => assert.fail('there is nothing new')}
    const onRenewal = (): Promise<void> => Promise.resolve()
    using _keeper = keepCertificate(first, {clock, log, paths, server, onRenewal})
    for (const days of [340, 1]) {
      clock.advance(days * dayMs)
      assert.deepEqual(await once(warnings, 'warning'), ['the certificate could not be renewed'])
      await new Promise(setImmediate)
    }
  })
})

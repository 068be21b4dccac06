import assert from 'node:assert/strict'
import {execFile} from 'node:child_process'
import {chmod, readFile} from 'node:fs/promises'
import {createServer as createTlsServer} from 'node:tls'
import type {AddressInfo} from 'node:net'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {promisify} from 'node:util'
import {describe, it} from 'mocha'
import {systemClock} from '../../src/core/base/clock.js'
import {connect} from '../../src/core/client/connect.js'
import {makeCertificate} from '../../src/core/transport/make-certificate.js'
import {Sandbox, until} from '../support/harness.js'
import {needs} from '../support/needs.js'
import {startRealDaemon, type RealDaemon} from './support/real-daemon.js'
import {findBrowser, openPages, type PageReport} from './support/browser.js'

const client = {name: 'test', version: '0'}

/** Strangers have not hurt it either. */
async function assertRuns(sandbox: Sandbox, daemon: RealDaemon): Promise<void> {
  const {pid} = await sandbox.json<{pid: number}>('daemon', 'status')
  assert.equal(pid, daemon.pid)
}

describe('a stranger does not get in:', function () {
  this.timeout(120_000)

  it('a second user of the machine, by files, by socket, by port', async function () {
    needs(this, process.getuid?.() === 0, 'root, to become another user')
    await using sandbox = await Sandbox.make()
    // Nothing but the state directory itself keeps anybody out.
    await chmod(path.dirname(sandbox.state), 0o755)
    const daemon = await startRealDaemon(sandbox)
    const script = fileURLToPath(new URL('support/second-user.ts', import.meta.url))
    const {stdout} = await promisify(execFile)(process.execPath, [
      ...['--import', 'tsx', script],
      ...[sandbox.state, daemon.url.href, daemon.fingerprint, String(daemon.pid)],
    ])
    const {uid, euid, results} = JSON.parse(stdout) as {uid: number; euid: number; results: Record<string, string>}
    assert.deepEqual({uid, euid}, {uid: 65_534, euid: 65_534})
    assert.equal(Object.keys(results).length, 18)
    const expected = (name: string): string => {
      if (name.includes('TLS port')) return 'UNAUTHORIZED'
      if (name === 'signal the daemon') return 'EPERM'
      return name === 'use the client of harness' ? 'STATE_UNSAFE' : 'EACCES'
    }
    for (const [name, result] of Object.entries(results)) assert.equal(result, expected(name), name)
    // What everybody may see of the process says nothing.
    assert.ok(!(await readFile(`/proc/${daemon.pid}/cmdline`, 'utf8')).includes(daemon.identity.token))
    assert.equal((await daemon.log()).match(/refused a client/g)?.length, 2)
    await assertRuns(sandbox, daemon)
  })

  it('a page in a browser, by ws, wss and fetch, from any origin', async function () {
    const browser = await findBrowser()
    needs(this, browser !== undefined, 'Chromium (`apt-get install chromium`)')
    await using sandbox = await Sandbox.make()
    const daemon = await startRealDaemon(sandbox)
    const addresses = [daemon.url.host, `localhost:${daemon.url.port}`, `evil.example:${daemon.url.port}`]
    const urls = addresses.flatMap((host) => ['ws', 'wss', 'http', 'https'].map((scheme) => `${scheme}://${host}/`))

    const plain = await openPages({browser, urls, isTrusting: false})
    assertKeptOut(plain, urls, daemon)
    assert.ok(!(await daemon.log()).includes('refused a client'), 'the certificate alone has kept it away')

    const trusting = await openPages({browser, urls, isTrusting: true})
    assertKeptOut(trusting, urls, daemon)
    await until(async () => (await daemon.log()).includes('"status":403'), 'the upgrade handler has refused the page')
    const refusals = (await daemon.log()).split('\n').filter((line) => line.includes('refused a client'))
    const attempts = trusting.length * addresses.length
    assert.ok(refusals.length >= attempts, `${refusals.length} of ${attempts} WebSockets have reached the daemon`)
    for (const line of refusals) assert.match(line, /"via":"tcp","status":403,"reason":"it has an Origin"/)
    await assertRuns(sandbox, daemon)
  })

  it('an impostor with a certificate for the same name (S7)', async () => {
    await using sandbox = await Sandbox.make()
    const daemon = await startRealDaemon(sandbox)
    const {certificate, key} = await makeCertificate(Date.now())
    let bytes = 0
    const impostor = createTlsServer({cert: certificate, key, minVersion: 'TLSv1.3'}, (socket) => {
      socket.on('data', (data: Buffer) => (bytes += data.length)).on('error', () => undefined)
    })
    await new Promise<void>((resolve) => impostor.listen(0, '127.0.0.1', resolve))
    const url = `wss://127.0.0.1:${(impostor.address() as AddressInfo).port}`
    const options = {stateDirectory: sandbox.state, client, clock: systemClock, fingerprint: daemon.fingerprint}
    await assert.rejects(connect({...options, url}), (error: Error & {code?: string; hint?: string}) => {
      assert.equal(error.code, 'CERTIFICATE_MISMATCH')
      assert.ok(error.message.includes(daemon.fingerprint), error.message)
      return true
    })
    await new Promise((resolve) => impostor.close(resolve))
    assert.equal(bytes, 0, 'it was told nothing, least of all the token')
    await using known = await connect({...options, url: daemon.url.href})
    assert.equal(known.hello.daemon.pid, daemon.pid)
  })
})

function assertKeptOut(reports: readonly PageReport[], urls: readonly string[], {identity}: RealDaemon): void {
  assert.equal(reports.length, 2)
  for (const {page, results} of reports) {
    assert.deepEqual(Object.keys(results).sort(), [...urls].sort(), page)
    for (const [url, result] of Object.entries(results)) {
      assert.match(result, /^(error|nothing to read)/, `${page} → ${url}`)
      assert.ok(!result.includes(identity.token))
    }
  }
}

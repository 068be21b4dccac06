import assert from 'node:assert/strict'
import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {afterEach, beforeEach, describe, it} from 'mocha'
import {createPrivateFile} from '../../../src/core/base/private-files.js'
import {statePaths} from '../../../src/core/base/state-directory.js'
import {knownKey, pinKey} from '../../../src/core/client/known-daemons.js'
import {remoteToken, saveToken} from '../../../src/core/client/remote-token.js'
import {createFakeClock} from '../transport/fake-clock.js'

describe('what is kept of a daemon elsewhere', () => {
  const address = 'wss://far.example:9443'
  const publicKey = `SHA256:${'A'.repeat(43)}`
  let directory: string
  let remotes: string
  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'harness-remotes-'))
    remotes = statePaths(directory).remotes
  })
  afterEach(() => rm(directory, {recursive: true}))

  it('is a token that, when it is damaged, is named together with what to type', async () => {
    assert.equal(await remoteToken(directory, address, {}), undefined)
    await saveToken(directory, address, 'a1'.repeat(32))
    assert.equal(await remoteToken(directory, address, {}), 'a1'.repeat(32))
    const file = path.join(remotes, 'far.example%3A9443.token')
    await writeFile(file, 'a1'.repeat(31))
    await assert.rejects(remoteToken(directory, address, {}), (error: Error & {code?: string; hint?: string}) => {
      assert.equal(error.code, 'STATE_UNSAFE')
      assert.ok(error.message.includes(`'${file}'`), error.message)
      assert.doesNotMatch(error.message, /a1a1/)
      assert.match(error.hint ?? '', /harness daemon trust wss:\/\/far\.example:9443 --token-file -/)
      return true
    })
  })

  it('is a key that, when it is damaged, makes its daemon neither new nor changed', async () => {
    await pinKey(directory, {address, publicKey, clock: createFakeClock()})
    assert.equal(await knownKey(directory, address), publicKey)
    const file = path.join(remotes, 'known-daemons.json')
    for (const entry of [null, {}, {publicKey: 'SHA256:half'}]) {
      await writeFile(file, JSON.stringify({[address]: entry}))
      await assert.rejects(knownKey(directory, address), {code: 'STATE_UNSAFE', subject: file}, JSON.stringify(entry))
    }
  })

  it('cannot be read where a file or a directory is in the way, which is named', async () => {
    await createPrivateFile(remotes, '')
    for (const read of [knownKey(directory, address), remoteToken(directory, address, {})]) {
      await assert.rejects(read, {code: 'STATE_UNSAFE', subject: remotes, reason: 'it is not a directory'})
    }
    await rm(remotes)
    const file = path.join(remotes, 'known-daemons.json')
    await mkdir(file, {recursive: true, mode: 0o700})
    await assert.rejects(knownKey(directory, address), {code: 'STATE_UNSAFE', subject: file})
  })
})

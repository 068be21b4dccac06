import assert from 'node:assert/strict'
import {chmod, mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {describe, it} from 'mocha'
import {statePaths} from '../../../src/core/base/state-directory.js'
import {savedToken} from '../../../src/core/client/saved-token.js'

describe('the token in a state directory', () => {
  it('is what a daemon has written there, and nothing else is one', async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'harness-token-'))
    const {token} = statePaths(directory)
    try {
      assert.equal(await savedToken(directory), undefined)
      await writeFile(token, `${'a1'.repeat(32)}\n`, {mode: 0o600})
      assert.equal(await savedToken(directory), 'a1'.repeat(32))
      for (const text of ['', 'garbage\n', `${'a1'.repeat(32)}\nmore`, 'A1'.repeat(32), 'a1'.repeat(31)]) {
        await writeFile(token, text)
        assert.equal(await savedToken(directory), undefined, JSON.stringify(text))
      }
      await chmod(token, 0o644)
      await assert.rejects(savedToken(directory), {
        code: 'STATE_UNSAFE',
        hint: `Run \`chmod 600 '${token}'\`. Where others may have read it, what it holds should be made anew.`,
      })
    } finally {
      await rm(directory, {recursive: true})
    }
  })
})

import assert from 'node:assert/strict'
import {mkdtemp, rm, stat, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {describe, it} from 'mocha'
import {makeFolder} from '../../../src/core/base/make-folder.js'

describe('makeFolder', () => {
  it('makes a folder with those above it, also one that is there', async () => {
    const base = await mkdtemp(path.join(tmpdir(), 'harness-folder-'))
    try {
      const deep = path.join(base, 'a/b/c')
      await makeFolder(deep)
      await makeFolder(deep)
      assert.ok((await stat(deep)).isDirectory())
      await writeFile(path.join(base, 'file'), '')
      await assert.rejects(makeFolder(path.join(base, 'file')), {code: 'EEXIST'})
      await assert.rejects(makeFolder(path.join(base, 'file/x')), {code: 'ENOTDIR'})
    } finally {
      await rm(base, {recursive: true})
    }
  })

  it('gives up where nothing can be made', async () => {
    await assert.rejects(makeFolder('/proc/harness/x'), {code: 'ENOENT'})
  })
})

import assert from 'node:assert/strict'
import {mkdir, mkdtemp, readdir, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {describe, it} from 'mocha'
import {statePaths} from '../../../src/core/base/state-directory.js'
import {removeDaemonInfo} from '../../../src/core/client/info-file.js'

describe('removing the file that a daemon is found by', () => {
  it('does so, also twice, and leaves a directory in its place alone', async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'harness-info-'))
    const {info} = statePaths(directory)
    await writeFile(info, '{}')
    await removeDaemonInfo(directory)
    await removeDaemonInfo(directory)
    assert.deepEqual(await readdir(directory), [])
    await mkdir(info)
    await writeFile(path.join(info, 'precious'), '')
    await removeDaemonInfo(directory)
    assert.deepEqual(await readdir(info), ['precious'])
    await rm(directory, {recursive: true})
  })
})

import assert from 'node:assert/strict'
import {appendFile, mkdtemp, rename, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {afterEach, beforeEach, describe, it} from 'mocha'
import {logLines} from '../../../src/cli/daemon-log/log-lines.js'

describe("the lines of the daemon's log", () => {
  let folder = ''
  let file = ''
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'harness-log-'))
    file = path.join(folder, 'daemon.log')
  })
  afterEach(() => rm(folder, {recursive: true}))

  it('are none where there is no log', async () => {
    const lines = logLines(file, {follow: false, signal: new AbortController().signal})
    assert.deepEqual((await lines.next()).value, [])
    assert.equal((await lines.next()).done, true)
  })

  it('begin with those of the file before, and follow when the file is put aside', async () => {
    const controller = new AbortController()
    await writeFile(`${file}.1`, 'a\nb\n')
    await writeFile(file, 'c\nhal')
    const lines = logLines(file, {follow: true, signal: controller.signal})
    assert.deepEqual((await lines.next()).value, ['a', 'b', 'c'])
    await appendFile(file, 'f\nd ☃\n')
    assert.deepEqual((await lines.next()).value, ['half', 'd ☃'])
    await appendFile(file, 'last\n')
    await rename(file, `${file}.1`)
    await writeFile(file, 'first\n')
    assert.deepEqual((await lines.next()).value, ['last', 'first'])
    await lines.return(undefined)
  })
})

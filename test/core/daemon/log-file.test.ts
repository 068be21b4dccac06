import assert from 'node:assert/strict'
import {mkdtemp, readdir, readFile, rm, stat, symlink} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {afterEach, beforeEach, describe, it} from 'mocha'
import {openLogFile} from '../../../src/core/daemon/log-file.js'

describe("the daemon's log file", () => {
  let folder = ''
  let file = ''
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'harness-log-'))
    file = path.join(folder, 'daemon.log')
  })
  afterEach(() => rm(folder, {recursive: true, force: true}))

  it('is for this user alone, and goes on where it ended', async () => {
    openLogFile(file)('one\n')
    openLogFile(file)('two\n')
    assert.equal(await readFile(file, 'utf8'), 'one\ntwo\n')
    assert.equal((await stat(file)).mode & 0o777, 0o600)
  })

  it('never takes more than twice its limit, and keeps the newest lines whole', async () => {
    const write = openLogFile(file, 1000)
    for (let index = 0; index < 500; index += 1) write(`line ${index}\n`)
    assert.deepEqual((await readdir(folder)).sort(), ['daemon.log', 'daemon.log.1'])
    const [now, before] = await Promise.all([readFile(file, 'utf8'), readFile(`${file}.1`, 'utf8')])
    assert.ok(now.length <= 1000 && before.length <= 1000)
    const lines = `${before}${now}`.trimEnd().split('\n')
    assert.deepEqual(
      lines,
      lines.map((_, index) => `line ${500 - lines.length + index}`),
    )
    assert.equal((await stat(`${file}.1`)).mode & 0o777, 0o600)
  })

  it('follows no link', async () => {
    const elsewhere = path.join(folder, 'elsewhere')
    await symlink(elsewhere, file)
    assert.throws(() => openLogFile(file), {code: 'STATE_UNSAFE', subject: file})
    assert.deepEqual(await readdir(folder), ['daemon.log'])
  })

  it('costs only lines when nothing can be written', async () => {
    const write = openLogFile(file)
    await rm(folder, {recursive: true})
    write('lost\n')
  })
})

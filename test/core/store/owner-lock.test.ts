import assert from 'node:assert/strict'
import {chmod, mkdir, readFile, stat, symlink, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'mocha'
import {takeOwnership} from '../../../src/core/store/owner-lock.js'
import {cleanScratch, scratch} from './scratch.js'

describe('ownership of a state directory', () => {
  cleanScratch()

  it('is refused to a second taker, who is told who has it', async () => {
    const directory = await scratch()
    const lock = path.join(directory, 'daemon.lock')
    await using _owned = await takeOwnership({lock})
    await assert.rejects(takeOwnership({lock}), (error: Error) => {
      assert.match(
        error.message,
        new RegExp(`Another daemon owns the state directory '${directory}': process ${process.pid} `),
      )
      assert.equal((error as Error & {code: string}).code, 'STATE_LOCKED')
      assert.equal((error as Error & {exit: number}).exit, 75)
      return true
    })
  })

  it('is refused where a directory lies in place of the lock, and says what to type', async () => {
    const lock = path.join(await scratch(), 'daemon.lock')
    await mkdir(lock)
    await assert.rejects(takeOwnership({lock}), {
      code: 'STATE_UNSAFE',
      message: `harness cannot use '${lock}' for its state: a directory lies where a file is expected.`,
      hint: `Run \`mv '${lock}' '${lock}.old'\`, or choose another directory with \`export HARNESS_STATE_DIR=DIR\`.`,
    })
  })

  it('is free again once let go, also twice, and leaves no file', async () => {
    const lock = path.join(await scratch(), 'daemon.lock')
    const owned = await takeOwnership({lock})
    await owned[Symbol.asyncDispose]()
    await assert.rejects(stat(lock), {code: 'ENOENT'})
    await using _again = await takeOwnership({lock})
    await owned[Symbol.asyncDispose]()
    await stat(lock)
  })

  it('writes who has it, into a file of this user alone', async () => {
    const umask = process.umask(0)
    try {
      const directory = path.join(await scratch(), 'deep', 'state')
      const lock = path.join(directory, 'daemon.lock')
      await using _owned = await takeOwnership({lock})
      const owner = JSON.parse(await readFile(lock, 'utf8')) as Record<string, unknown>
      assert.equal(owner['pid'], process.pid)
      assert.ok(Math.abs(Date.parse(String(owner['startedAt'])) - Date.now()) < 60_000)
      assert.equal((await stat(lock)).mode & 0o777, 0o600)
      assert.equal((await stat(directory)).mode & 0o777, 0o700)
    } finally {
      process.umask(umask)
    }
  })

  it('passes over what a dead owner left in the file', async () => {
    const lock = path.join(await scratch(), 'daemon.lock')
    await writeFile(lock, `{"pid": 4194304, "startedAt": "2020-01-01T00:00:00.000Z"}${' '.repeat(200)}`)
    await using _owned = await takeOwnership({lock})
    assert.equal((JSON.parse(await readFile(lock, 'utf8')) as {pid: number}).pid, process.pid)
    assert.equal((await stat(lock)).mode & 0o777, 0o600)
  })

  it('does not follow a symbolic link, nor enter a directory open to others', async () => {
    const directory = await scratch()
    const lock = path.join(directory, 'daemon.lock')
    await writeFile(path.join(directory, 'victim'), 'precious')
    await symlink(path.join(directory, 'victim'), lock)
    await assert.rejects(takeOwnership({lock}), {code: 'STATE_UNSAFE'})
    assert.equal(await readFile(path.join(directory, 'victim'), 'utf8'), 'precious')
    await chmod(directory, 0o777)
    await assert.rejects(takeOwnership({lock: path.join(directory, 'other.lock')}), {code: 'STATE_UNSAFE'})
  })

  it('says clearly that the program flock is missing', async () => {
    const lock = path.join(await scratch(), 'daemon.lock')
    const searched = process.env['PATH']
    process.env['PATH'] = '/nowhere'
    try {
      await assert.rejects(takeOwnership({lock}), {
        code: 'PLATFORM_UNSUPPORTED',
        message: /the program 'flock' is missing/,
      })
    } finally {
      process.env['PATH'] = searched
    }
  })
})

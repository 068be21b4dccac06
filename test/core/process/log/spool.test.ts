import assert from 'node:assert/strict'
import {readFileSync, statSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {setTimeout} from 'node:timers/promises'
import {describe, it} from 'mocha'

import {systemClock} from '../../../../src/core/base/clock.js'
import type {LogSource} from '../../../../src/core/contract/log.js'
import type {LogSpool} from '../../../../src/core/contract/spool.js'
import {spoolOpener} from '../../../../src/core/process/log/spool.js'
import {temporaryFolder} from '../temporary.js'

const openSpool = spoolOpener(systemClock)
const usual = {capture: 'file', merge: false} as const
const began = 1_700_000_000_000

async function textOf(source: LogSource | undefined): Promise<string> {
  const {bytes} = (await source?.read(0, 1_000_000)) ?? {bytes: new Uint8Array()}
  return Buffer.from(bytes).toString()
}

const texts = (spool: LogSpool): Promise<readonly string[]> => Promise.all(spool.logs.map(textOf))

describe('a spool', () => {
  it('keeps each stream, private, with the times it is given', async () => {
    using folder = temporaryFolder()
    const directory = path.join(folder.path, 'attempt')
    const spool = openSpool({directory, logs: usual})
    assert.equal(spool.cursor, undefined)
    spool.write('stdout', Buffer.from('one\n'), began)
    spool.write('stderr', Buffer.from('two\n'), began + 1000)
    spool.write('stdout', Buffer.from('three\n'), began + 2000)
    assert.deepEqual(await texts(spool), ['one\nthree\n', 'two\n'])
    const [out] = spool.logs
    assert.deepEqual(await out?.timeAt(0), {at: began, estimated: false})
    assert.deepEqual(await out?.timeAt(4), {at: began + 2000, estimated: false})
    assert.equal(await out?.offsetAt(began + 1500), 4)
    assert.equal(statSync(directory).mode & 0o777, 0o700)
    for (const file of ['out.log', 'err.log']) assert.equal(statSync(path.join(directory, file)).mode & 0o777, 0o600)
    spool.close()
    spool.close()
    assert.equal(await textOf(out), 'one\nthree\n')
  })

  it('goes on after its cursor, and writes nothing twice, wherever the daemon ended', async () => {
    const lines = Array.from({length: 6}, (_, index) => `line ${index}\n`)
    const write = (spool: LogSpool, from: number, to: number, commit: (index: number) => void): void => {
      for (let index = from; index < to; index += 1) {
        spool.write(index % 2 === 0 ? 'stdout' : 'stderr', Buffer.from(lines[index] ?? ''), began + index)
        commit(index)
      }
    }
    for (let written = 0; written <= lines.length; written += 1) {
      for (let committed = 0; committed <= written; committed += 1) {
        using folder = temporaryFolder()
        const before = openSpool({directory: folder.path, logs: usual})
        write(before, 0, written, (index) => {
          if (index + 1 === committed) before.commit({next: committed})
        })
        before.close()
        const after = openSpool({directory: folder.path, logs: usual})
        const {next} = (after.cursor ?? {next: 0}) as {next: number}
        assert.equal(next, committed)
        write(after, next, lines.length, (index) => {
          after.commit({next: index + 1})
        })
        assert.deepEqual(await texts(after), ['line 0\nline 2\nline 4\n', 'line 1\nline 3\nline 5\n'])
        after.close()
      }
    }
  })

  it('is not taken for one that was cut when it is opened much later than what it holds was printed', async () => {
    using folder = temporaryFolder()
    const before = openSpool({directory: folder.path, logs: usual})
    before.write('stdout', Buffer.from('old\n'), began)
    before.commit(1)
    before.close()
    const after = openSpool({directory: folder.path, logs: usual})
    // A sign of a cut counts once it has stood for a moment.
    await setTimeout(50)
    after.write('stdout', Buffer.from('new\n'), Date.now())
    assert.deepEqual(await texts(after), ['old\nnew\n', ''])
    after.close()
  })

  it('has all it needs when its cursor cannot be read', async () => {
    using folder = temporaryFolder()
    const before = openSpool({directory: folder.path, logs: usual})
    before.write('stdout', Buffer.from('half'), began)
    before.commit(1)
    before.close()
    const cursor = path.join(folder.path, 'cursor')
    writeFileSync(cursor, readFileSync(cursor, 'utf8').slice(0, 5))
    const after = openSpool({directory: folder.path, logs: usual})
    assert.equal(after.cursor, undefined)
    after.write('stdout', Buffer.from('half a line\n'), began)
    assert.deepEqual(await texts(after), ['half a line\n', ''])
    after.close()
  })

  it('puts both streams into one, in their order, when they are to be merged', async () => {
    using folder = temporaryFolder()
    const spool = openSpool({directory: folder.path, logs: {...usual, merge: true}})
    for (const stream of ['stdout', 'stderr', 'stdout'] as const) spool.write(stream, Buffer.from(`${stream}\n`), began)
    assert.deepEqual(await texts(spool), ['stdout\nstderr\nstdout\n'])
    spool.close()
  })

  it('tells who waits', async () => {
    using folder = temporaryFolder()
    const spool = openSpool({directory: folder.path, logs: usual})
    const waiting = spool.logs[0]?.changed(0, new AbortController().signal)
    spool.write('stdout', Buffer.from('x'), began)
    await waiting
    spool.close()
  })
})

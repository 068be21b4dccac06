import assert from 'node:assert/strict'
import {appendFileSync, mkdirSync, readFileSync, rmdirSync, rmSync, statSync, utimesSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'
import {systemClock} from '../../../../src/core/base/clock.js'
import {fileLogSource, type FileLog} from '../../../../src/core/process/log/file-log-source.js'
import {logHeader} from '../../../../src/core/process/log/log-file.js'
import {openLogIndex} from '../../../../src/core/process/log/log-index.js'
import type {RetentionOptions} from '../../../../src/core/process/log/retention.js'
import {readLines} from '../../../../src/core/process/log/read-lines.js'
import {eventually, never, temporaryFolder, workshop, linesOf} from '../temporary.js'

const unlimited: RetentionOptions = {limits: {maxSize: 1e12, keep: 1}, free: () => Promise.resolve(true)}

function bench() {
  const folder = temporaryFolder()
  const file = path.join(folder.path, 'out.log')
  const opened: FileLog[] = []
  writeFileSync(file, logHeader)
  return {
    file,
    open(fresh = true, clock = systemClock, retention = unlimited): FileLog {
      const log = fileLogSource({file, stream: 'stdout', clock, fresh, retention})
      opened.push(log)
      return log
    },
    /** As a program does that opens its output anew, without appending. */
    cut: (text: string) => {
      writeFileSync(file, text)
    },
    append: (text: string) => {
      appendFileSync(file, text)
    },
    [Symbol.dispose]() {
      for (const log of opened) log.close()
      folder[Symbol.dispose]()
    },
  }
}

async function read(log: FileLog, offset: number, limit = 1000) {
  const chunk = await log.read(offset, limit)
  return {text: Buffer.from(chunk.bytes).toString(), offset: chunk.offset, gap: chunk.gap}
}

describe('a log file', () => {
  it('is watched on when it could not be read for a while', async () => {
    using one = bench()
    let looks = 0
    const log = one.open(true, {
      ...systemClock,
      after(ms, callback) {
        looks += 1
        return systemClock.after(ms, callback)
      },
    })
    const more = log.changed(0, never)
    rmSync(one.file)
    mkdirSync(one.file)
    await assert.rejects(async () => log.end(), /EISDIR/)
    await eventually(() => looks > 2)
    rmdirSync(one.file)
    one.cut(`${logHeader}again\n`)
    await more
    assert.ok((await log.end()) > 0)
  })

  it('can be closed when it cannot be read', () => {
    using one = bench()
    const log = one.open()
    rmSync(one.file)
    mkdirSync(one.file)
    log.close()
    assert.equal(log.seen(), 0)
  })

  it('is read from any position', async () => {
    using one = bench()
    const log = one.open()
    one.append('hello\nworld\n')
    assert.deepEqual(await read(log, 0), {text: 'hello\nworld\n', offset: 0, gap: undefined})
    assert.deepEqual(await read(log, 6, 3), {text: 'wor', offset: 6, gap: undefined})
    assert.deepEqual(await read(log, 12), {text: '', offset: 12, gap: undefined})
    assert.equal(await log.end(), 12)
  })

  it('wakes everyone who waits, and nobody after an abort', async () => {
    using one = bench()
    const log = one.open()
    const waiting = [log.changed(0, never), log.changed(0, never)]
    const cancel = new AbortController()
    const cancelled = assert.rejects(log.changed(0, cancel.signal), /enough/)
    cancel.abort(new Error('enough'))
    await cancelled
    one.append('x')
    await Promise.all(waiting)
    assert.equal(await log.end(), 1)
    await log.changed(0, never)
  })

  it('notices a cut by its size, tells it once to each reader, and how to avoid it', async () => {
    using one = bench()
    const log = one.open()
    one.append('a long line before\n')
    assert.equal(await log.end(), 19)
    one.cut('new\n')
    const chunk = await read(log, 0)
    assert.equal(chunk.text, 'new\n')
    assert.match(chunk.gap?.text ?? '', /logs: \{capture: pipe\}/)
    assert.equal(chunk.gap?.bytes, 19)
    const current = await read(log, 19)
    assert.equal(current.gap?.text, chunk.gap.text, 'also for one who had read all')
    assert.deepEqual(await read(log, chunk.offset), {text: 'new\n', offset: chunk.offset, gap: undefined})
    one.append('more\n')
    assert.equal((await read(log, chunk.offset)).text, 'new\nmore\n')
  })

  it('notices a cut that nobody saw between two looks', async () => {
    using one = bench()
    const log = one.open()
    one.cut('first look comes after this, and it is longer than the header\n')
    const chunk = await read(log, 0)
    assert.match(chunk.text, /^first look/)
    assert.ok(chunk.gap)
  })

  it('notices a second cut that has grown beyond the first', async () => {
    using one = bench()
    const log = one.open()
    one.cut('one\n')
    const {offset} = await read(log, 0)
    one.cut('two, and longer than before\n')
    const next = await read(log, offset + 4)
    assert.ok(next.gap)
    assert.equal(next.text, 'two, and longer than before\n')
  })

  it('notices the same text written again', async () => {
    using one = bench()
    const log = one.open()
    one.cut('tick\n')
    const {offset} = await read(log, 0)
    const {mtimeMs} = statSync(one.file)
    one.cut('tick\n')
    utimesSync(one.file, new Date(), new Date(mtimeMs + 2000))
    const next = await eventually(async () => {
      const chunk = await read(log, offset + 5)
      return chunk.gap && chunk
    })
    assert.equal(next.text, 'tick\n')
  })

  it('keeps its positions, cuts and times over a restart', async () => {
    using one = bench()
    const log = one.open()
    one.append('before\n')
    const before = Date.now()
    await log.end()
    one.cut('after\n')
    const {offset} = await read(log, 0)
    log.close()
    one.append('unseen\n')
    const again = one.open(false)
    assert.equal((await read(again, offset)).text, 'after\nunseen\n')
    assert.ok((await read(again, 0)).gap)
    const [old, unseen] = [await again.timeAt(offset), await again.timeAt(offset + 6)]
    assert.ok(!old.estimated && Math.abs(old.at - before) < 1000)
    assert.ok(unseen.estimated, 'nobody watched then')
  })

  it('is empty once its folder is gone', async () => {
    using one = bench()
    const log = one.open()
    one.append('x')
    one[Symbol.dispose]()
    assert.deepEqual(await read(log, 0), {text: '', offset: 0, gap: undefined})
  })

  it('looks seldom while nobody waits and the program writes without pause', async () => {
    using one = bench()
    one.open()
    const until = performance.now() + 600
    while (performance.now() < until) {
      one.append('line\n')
      await new Promise((resolve) => setImmediate(resolve))
    }
    const marks = readFileSync(`${one.file}.index`, 'utf8').split('\n').length - 1
    assert.ok(marks >= 2 && marks <= 6, `${marks} looks`)
  })
})

describe('the times of a log', () => {
  it('are those of the first mark beyond a position, and searchable', () => {
    using folder = temporaryFolder()
    const index = openLogIndex(path.join(folder.path, 'index'))
    for (const [offset, time] of [
      [10, 1000],
      [20, 2000],
      [30, 3000],
    ] as const)
      index.note(offset, time)
    assert.deepEqual(
      [0, 9, 10, 29].map((at) => index.timeAt(at)?.at),
      [1000, 1000, 2000, 3000],
    )
    assert.equal(index.timeAt(30), undefined)
    assert.deepEqual(
      [0, 1000, 1001, 3000, 3001].map((time) => index.offsetAt(time)),
      [0, 0, 10, 20, undefined],
    )
  })

  it('stay few and in order however long it runs', () => {
    using folder = temporaryFolder()
    const file = path.join(folder.path, 'index')
    const index = openLogIndex(file)
    for (let second = 1; second <= 10_000; second += 1) index.note(second * 10, second * 1000)
    index.flush()
    assert.ok(statSync(file).size < 80_000, `${statSync(file).size} bytes`)
    const again = openLogIndex(file)
    assert.equal(again.timeAt(99_995)?.at, 10_000_000)
    assert.ok(Math.abs((again.timeAt(50_000)?.at ?? 0) - 5_000_000) < 1_000_000)
    assert.deepEqual(again.last(), index.last())
  })

  it('ignore a line that was cut by a crash', () => {
    using folder = temporaryFolder()
    const file = path.join(folder.path, 'index')
    writeFileSync(file, '10 1000 s\nrubbish\n20 2000 s\n30 30')
    assert.deepEqual(openLogIndex(file).last(), {offset: 20, time: 2000, kind: 'seen'})
  })
})

describe('a service that re-opens its output', () => {
  it('shows what happened to the lines before', async () => {
    await using shop = workshop()
    const handle = await shop.sh('echo lost >&2; echo kept > /dev/stderr; echo too >&2')
    await handle.wait()
    const lines = await linesOf(handle)
    assert.match(lines[0] ?? '', /^stderr: GAP .*capture: pipe/)
    assert.deepEqual(lines.slice(1), ['stderr: kept', 'stderr: too'])
  })

  it('gives a follower every line or a gap', async () => {
    using one = bench()
    const log = one.open()
    const seen: string[] = []
    const cancel = new AbortController()
    const reading = (async () => {
      for await (const {lines} of readLines(log, {from: 0, follow: true, signal: cancel.signal})) {
        seen.push(...lines.map(({text, gap}) => (gap ? 'GAP' : text)))
      }
    })()
    one.append('one\ntwo')
    await eventually(() => seen.length === 1)
    one.cut('three\n')
    await eventually(() => seen.includes('three'))
    cancel.abort()
    await reading
    assert.deepEqual(seen, ['one', 'two', 'GAP', 'three'])
  })
})

import assert from 'node:assert/strict'
import {appendFileSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'
import {systemClock} from '../../../../src/core/base/clock.js'
import {fileLogSource, type FileLog} from '../../../../src/core/process/log/file-log-source.js'
import {findRange} from '../../../../src/core/process/log/find-line.js'
import {createFreeRoom} from '../../../../src/core/process/log/free-room.js'
import {logHeader} from '../../../../src/core/process/log/log-file.js'
import {readLines, type SourceLine} from '../../../../src/core/process/log/read-lines.js'
import type {FreeRoom} from '../../../../src/core/process/log/retention.js'
import {eventually, never, temporaryFolder, workshop} from '../temporary.js'

const limits = {maxSize: 64_000, keep: 2}
const lineBytes = 100

/** A log of numbered lines of 100 bytes. */
function bench(free: FreeRoom = createFreeRoom()) {
  const folder = temporaryFolder()
  const file = path.join(folder.path, 'out.log')
  const opened: FileLog[] = []
  let written = 0
  writeFileSync(file, logHeader)
  return {
    file,
    open(fresh = true): FileLog {
      const log = fileLogSource({file, stream: 'stdout', clock: systemClock, fresh, retention: {limits, free}})
      opened.push(log)
      return log
    },
    write(count: number): void {
      const numbers = Array.from({length: count}, (_, index) => written + index)
      appendFileSync(file, numbers.map((number) => `${String(number).padEnd(lineBytes - 1, '.')}\n`).join(''))
      written += count
    },
    written: () => written,
    [Symbol.dispose]() {
      for (const log of opened) log.close()
      folder[Symbol.dispose]()
    },
  }
}

async function linesOf(log: FileLog, from = 0): Promise<readonly SourceLine[]> {
  const all: SourceLine[] = []
  for await (const {lines} of readLines(log, {from, follow: false, signal: never})) all.push(...lines)
  return all
}

/** Every line is whole, in order, and together with the gaps nothing is missing. */
function assertWhole(lines: readonly SourceLine[], written: number): void {
  let at = 0
  for (const {text, gap, offset} of lines) {
    if (gap) {
      at += gap.bytes ?? Number.NaN
      continue
    }
    assert.equal(offset, at)
    assert.equal(text, String(at / lineBytes).padEnd(lineBytes - 1, '.'))
    at += lineBytes
  }
  assert.equal(at, written * lineBytes)
}

const kilobytesOnDisk = (file: string): number => statSync(file).blocks / 2

describe('what is kept of a log', () => {
  it('is the last full parts and the one being written; the rest is a gap', async () => {
    using one = bench()
    const log = one.open()
    one.write(5000)
    const lines = await linesOf(log)
    const {gap} = lines[0] ?? {}
    assert.equal(gap?.reason, 'retention')
    assert.match(gap.text, /max_size/)
    assertWhole(lines, 5000)
    const kept = (lines.length - 1) * lineBytes
    assert.ok(kept >= limits.maxSize * limits.keep - lineBytes && kept <= limits.maxSize * (limits.keep + 1), `${kept}`)
  })

  it('takes its room on the disk and no more, and keeps its positions', async () => {
    using one = bench()
    const log = one.open()
    for (let round = 0; round < 20; round += 1) {
      one.write(1000)
      assertWhole(await linesOf(log), one.written())
    }
    assert.equal(statSync(one.file).size, 20_000 * lineBytes + logHeader.length)
    await eventually(() => kilobytesOnDisk(one.file) < 250)
    assertWhole(await linesOf(log), one.written())
    assert.equal(await log.end(), 20_000 * lineBytes)
  })

  it('is the same for a later daemon, also when the one before died while it gave room back', async () => {
    using one = bench(() => new Promise<boolean>(() => undefined))
    const log = one.open()
    one.write(5000)
    await log.end()
    log.close()
    assert.match(readFileSync(`${one.file}.index`, 'utf8'), /^\d+ 0 p$/m)
    await createFreeRoom()(one.file, 300_000)
    const again = one.open(false)
    await eventually(async () => (await again.end()) === 5000 * lineBytes)
    await systemClock.sleep(30)
    assertWhole(await linesOf(again), 5000)
  })

  it('is not taken for a cut by the time that giving room back puts on the file', async () => {
    using one = bench()
    const log = one.open()
    one.write(5000)
    await log.end()
    await eventually(() => /k$/m.test(readFileSync(`${one.file}.index`, 'utf8')))
    await systemClock.sleep(30)
    assertWhole(await linesOf(log), 5000)
    log.close()
    const again = one.open(false)
    await systemClock.sleep(30)
    assertWhole(await linesOf(again), 5000)
  })

  it('shows a reader that was passed by a gap in the middle', async () => {
    using one = bench()
    const log = one.open()
    one.write(100)
    const reading = readLines(log, {from: 0, follow: true, signal: never})
    const first = await reading.next()
    one.write(5000)
    await eventually(() => kilobytesOnDisk(one.file) < 250)
    const lines = [...(first.value?.lines ?? [])]
    while ((lines.at(-1)?.offset ?? 0) < 5099 * lineBytes) lines.push(...((await reading.next()).value?.lines ?? []))
    await reading.return()
    assert.equal(lines.filter(({gap}) => gap).length, 1)
    assertWhole(lines, 5100)
  })

  it('is found by its time; a time of which a part is gone begins with the gap', async () => {
    using one = bench()
    const log = one.open()
    one.write(1000)
    await log.end()
    await systemClock.sleep(30)
    const middle = Date.now()
    one.write(4000)
    await log.end()
    await systemClock.sleep(30)
    const late = Date.now()
    one.write(10)
    await log.end()
    const since = async (time: number): Promise<readonly SourceLine[]> =>
      linesOf(log, (await findRange(log, {since: time})).from)
    const lines = await since(middle)
    assert.equal(lines[0]?.gap?.reason, 'retention')
    assert.equal((lines[0].gap.bytes ?? 0) + (lines.length - 1) * lineBytes, 4010 * lineBytes)
    assert.deepEqual(
      (await since(late)).map(({text}) => Number.parseFloat(text)),
      Array.from({length: 10}, (_, index) => 5000 + index),
    )
  })

  it('is copied aside where a disk cannot free a part of a file', async () => {
    using one = bench(() => Promise.resolve(false))
    const log = one.open()
    const part = limits.maxSize / lineBytes
    let moves = 0
    for (let round = 0; round < 10; round += 1) {
      one.write(part)
      const end = await log.end()
      if (end - moves >= limits.maxSize * (limits.keep + 1) * (moves + 1)) {
        await eventually(() => statSync(one.file).size === 0)
        moves += 1
      }
    }
    assert.equal(moves, 3)
    const check = async (source: FileLog): Promise<void> => {
      const lines = await linesOf(source)
      const texts = lines.filter(({gap}) => !gap).map(({text}) => text)
      const kept = 4 * part
      const expected = Array.from({length: kept}, (_, index) =>
        String(one.written() - kept + index).padEnd(lineBytes - 1, '.'),
      )
      assert.deepEqual(texts, expected)
      assert.deepEqual(
        lines.flatMap(({gap}) => gap?.reason ?? []),
        ['retention', 'retention'],
      )
      assert.match(lines.findLast(({gap}) => gap)?.text ?? '', /copied aside/)
    }
    await check(log)
    log.close()
    await check(one.open(false))
    rmSync(`${one.file}.before`)
    const left = await linesOf(one.open(false))
    assert.equal(left.filter(({gap}) => !gap).length, part, 'without the copy there is a gap, and no end of waiting')
  })

  it('shows a follower every line or a gap when it is copied aside', async () => {
    using one = bench(() => Promise.resolve(false))
    const log = one.open()
    const leave = new AbortController()
    const texts: string[] = []
    let gaps = 0
    const following = (async () => {
      for await (const {lines} of readLines(log, {from: 0, follow: true, signal: leave.signal})) {
        texts.push(...lines.flatMap(({text, gap}) => (gap ? [] : [text])))
        gaps += lines.filter(({gap}) => gap).length
      }
    })()
    for (let count = 0; count < 4000; count += 100) {
      one.write(100)
      await eventually(() => texts.length === count + 100)
    }
    leave.abort()
    await following
    assert.deepEqual(
      texts.map(Number.parseFloat),
      Array.from({length: 4000}, (_, index) => index),
    )
    await eventually(() => gaps > 0 && gaps <= 2)
  })

  it('is what the service says', async () => {
    await using shop = workshop()
    const script =
      'i=0; while [ $i -lt 4000 ]; do echo 0123456789012345678901234567890123456789012345678901234567890123456789; i=$((i+1)); done'
    const handle = await shop.sh(script, {logs: {capture: 'file', merge: true, maxSize: 64_000, keep: 1}})
    await handle.wait()
    const log = handle.logs[0]
    assert.ok(log)
    assert.equal((await log.read(0, 10)).gap?.reason, 'retention')
    const directory = handle.save().state.runDirectory
    await eventually(() => kilobytesOnDisk(path.join(directory, 'out.log')) < 140)
  })
})

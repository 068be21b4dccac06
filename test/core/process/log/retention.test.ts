import assert from 'node:assert/strict'
import {appendFileSync, readFileSync, statSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'
import {systemClock} from '../../../../src/core/base/clock.js'
import {fileLogSource, type FileLog} from '../../../../src/core/process/log/file-log-source.js'
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
    using one = bench(() => new Promise(() => undefined))
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

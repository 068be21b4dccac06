import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import type {LogLine, LogSource} from '../../../../src/core/contract/log.js'
import {findTail} from '../../../../src/core/process/log/find-tail.js'
import {createMailbox} from '../../../../src/core/process/log/mailbox.js'
import {readLogs, type LogInput, type ReadLogsOptions} from '../../../../src/core/process/log/read-logs.js'
import {eventually, never} from '../temporary.js'

/** A log in memory whose lines have given times. */
function memoryLog() {
  let text = Buffer.alloc(0)
  let base = 0
  let wake: (() => void)[] = []
  const times: {readonly offset: number; readonly at: number}[] = []
  const reads: number[] = []
  const source: LogSource = {
    stream: 'stdout',
    read(offset, limit) {
      reads.push(limit)
      const from = Math.max(offset, base)
      const gap = from > offset ? {gap: {bytes: from - offset, reason: 'cut' as const, text: 'it was cut'}} : {}
      return Promise.resolve({bytes: text.subarray(from, from + limit), offset: from, ...gap})
    },
    end: () => Promise.resolve(text.length),
    changed: (offset, signal) =>
      new Promise((resolve, reject) => {
        if (text.length > offset) resolve()
        wake.push(resolve)
        signal.addEventListener('abort', () => {
          reject(new Error('aborted'))
        })
      }),
    timeAt: (offset) =>
      Promise.resolve({at: times.findLast((time) => time.offset <= offset)?.at ?? 0, estimated: false}),
    offsetAt: () => Promise.resolve(0),
  }
  return {
    source,
    reads,
    write(at: number, more: string) {
      times.push({offset: text.length, at})
      text = Buffer.concat([text, Buffer.from(more)])
      for (const one of wake.splice(0)) one()
      wake = []
    },
    cutTo(offset: number) {
      base = offset
    },
  }
}

function input(service: string, source: LogSource, more: Partial<LogInput> = {}): LogInput {
  return {source, stack: 'stack', service, attempt: 1, ...more}
}

async function all(inputs: readonly LogInput[], options: Partial<ReadLogsOptions> = {}): Promise<readonly LogLine[]> {
  const lines: LogLine[] = []
  for await (const batch of readLogs(inputs, {tail: null, follow: false, signal: never, ...options}))
    lines.push(...batch)
  return lines
}

const texts = (lines: readonly LogLine[]): readonly string[] => lines.map(({text}) => text)

describe('reading several logs', () => {
  it('merges them in the order of time, with the last line that has no end', async () => {
    const [a, b] = [memoryLog(), memoryLog()]
    a.write(1, 'a1\n')
    b.write(2, 'b2\nb2 too\n')
    a.write(3, 'a3\n')
    b.write(4, 'b4')
    const lines = await all([input('a', a.source), input('b', b.source)])
    assert.deepEqual(texts(lines), ['a1', 'b2', 'b2 too', 'a3', 'b4'])
    assert.deepEqual(lines[3], {
      time: '1970-01-01T00:00:00.003Z',
      stack: 'stack',
      service: 'a',
      stream: 'stdout',
      attempt: 1,
      offset: 3,
      text: 'a3',
    })
  })

  it('gives the last lines of all together', async () => {
    const [a, b] = [memoryLog(), memoryLog()]
    for (let at = 1; at <= 100; at += 1) (at % 2 === 0 ? a : b).write(at, `${at}\n`)
    const inputs = [input('a', a.source), input('b', b.source)]
    assert.deepEqual(texts(await all(inputs, {tail: 5})), ['96', '97', '98', '99', '100'])
    assert.deepEqual(texts(await all(inputs, {tail: 0})), [])
    assert.equal((await all(inputs, {tail: 1000})).length, 100)
  })

  it('reads a tail backwards, not the whole log', async () => {
    const log = memoryLog()
    log.write(1, 'a line of some length\n'.repeat(500_000))
    assert.equal((await findTail(log.source, 10)).lines, 10)
    assert.equal(log.reads.length, 1)
  })

  it('counts a last line without an end in a tail', async () => {
    const log = memoryLog()
    log.write(1, 'one\ntwo\nthree')
    assert.deepEqual(texts(await all([input('a', log.source)], {tail: 2})), ['two', 'three'])
  })

  it('shows a gap in its place, also in a tail', async () => {
    const log = memoryLog()
    log.write(1, 'gone\nkept\n')
    log.cutTo(5)
    for (const tail of [null, 10]) {
      const lines = await all([input('a', log.source)], {tail})
      assert.deepEqual(texts(lines), ['it was cut', 'kept'])
      assert.deepEqual(lines[0]?.gap, {bytes: 5, reason: 'cut'})
    }
  })

  it('ends at the last line there was, however fast it grows', async () => {
    const log = memoryLog()
    log.write(1, 'line\n'.repeat(50_000))
    const growing: LogSource = {
      ...log.source,
      read(offset, limit) {
        log.write(2, 'line\n'.repeat(20_000))
        return log.source.read(offset, limit)
      },
    }
    assert.equal((await all([input('a', growing)])).length, 50_000)
  })

  it('follows: what is there, then what comes, until it is cancelled', async () => {
    const [a, b] = [memoryLog(), memoryLog()]
    a.write(1, 'old\npart')
    const cancel = new AbortController()
    const seen: string[] = []
    const reading = (async () => {
      const options = {tail: null, follow: true, signal: cancel.signal}
      for await (const batch of readLogs([input('a', a.source), input('b', b.source)], options))
        seen.push(...texts(batch))
    })()
    await eventually(() => seen.includes('old'))
    b.write(2, 'from b\n')
    await eventually(() => seen.includes('from b'))
    a.write(3, 'ly\n')
    await eventually(() => seen.includes('partly'))
    cancel.abort()
    await reading
    assert.deepEqual(seen, ['old', 'from b', 'partly'])
  })

  it('stops following a workload that has ended, after its last line', async () => {
    const log = memoryLog()
    log.write(1, 'one\nlast')
    assert.deepEqual(texts(await all([input('a', log.source, {ended: Promise.resolve()})], {follow: true})), [
      'one',
      'last',
    ])
  })

  it('takes in attempts that begin while it follows', async () => {
    const [first, second] = [memoryLog(), memoryLog()]
    first.write(1, 'first\n')
    second.write(2, 'second\n')
    async function* more() {
      await Promise.resolve()
      yield input('a', second.source, {attempt: 2, ended: Promise.resolve()})
    }
    const lines = await all([input('a', first.source, {ended: Promise.resolve()})], {follow: true, moreSources: more()})
    assert.deepEqual(
      lines.map(({text, attempt}) => [text, attempt]),
      [
        ['first', 1],
        ['second', 2],
      ],
    )
  })

  it('reads on only as fast as it is asked', async () => {
    const log = memoryLog()
    log.write(1, 'a line of twenty bytes\n'.repeat(100_000))
    const cancel = new AbortController()
    for await (const _batch of readLogs([input('a', log.source)], {tail: null, follow: true, signal: cancel.signal})) {
      assert.ok(log.reads.length < 4, `${log.reads.length} reads`)
      break
    }
    cancel.abort()
  })

  it('gives two readers all lines', async () => {
    const log = memoryLog()
    log.write(1, Array.from({length: 10_000}, (_, index) => `${index}\n`).join(''))
    const [one, two] = await Promise.all([all([input('a', log.source)]), all([input('a', log.source)])])
    assert.equal(one.length, 10_000)
    assert.deepEqual(one, two)
  })
})

describe('a mailbox', () => {
  it('lets a writer go on only when its value was taken', async () => {
    const box = createMailbox<number>()
    let went = 0
    const puts = [1, 2].map((value) =>
      box.put(value).then(() => {
        went += 1
      }),
    )
    await Promise.resolve()
    assert.equal(went, 0)
    assert.equal(await box.take(), 1)
    assert.equal(await box.take(), 2)
    await Promise.all(puts)
    const waiting = box.take()
    box.close()
    assert.equal(await waiting, undefined)
    await box.put(3)
    assert.equal(await box.take(), undefined)
  })
})

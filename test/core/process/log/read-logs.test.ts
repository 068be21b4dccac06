import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import type {LogLine, LogPosition, LogSource} from '../../../../src/core/contract/log.js'
import {findTail} from '../../../../src/core/process/log/find-tail.js'
import {linePattern, PatternError, selectMatching} from '../../../../src/core/process/log/line-pattern.js'
import {createMailbox} from '../../../../src/core/process/log/mailbox.js'
import type {LogInput} from '../../../../src/core/process/log/log-reader.js'
import {readLogs, type ReadLogsOptions} from '../../../../src/core/process/log/read-logs.js'
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
      next: 6,
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
    assert.equal((await findTail(log.source, {count: 10, range: {from: 0}, signal: never})).lines, 10)
    assert.equal(log.reads.length, 3)
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

describe('choosing among lines', () => {
  const never = new AbortController().signal
  const numbered = () => {
    const log = memoryLog()
    for (let at = 1; at <= 1000; at += 1) log.write(at, `line ${at} of the log\n`)
    const source: LogSource = {
      ...log.source,
      offsetAt: async (time) => {
        let offset = 0
        while (offset < (await log.source.end()) && (await log.source.timeAt(offset)).at < time) offset += 1
        return offset
      },
    }
    return {log, source}
  }

  it('takes those of a time, the first moment with and the last without', async () => {
    const {source} = numbered()
    const lines = await all([input('a', source)], {since: 100, until: 103})
    assert.deepEqual(texts(lines), ['line 100 of the log', 'line 101 of the log', 'line 102 of the log'])
    assert.deepEqual(await all([input('a', source)], {since: 5000}), [])
    assert.deepEqual(texts(await all([input('a', source)], {until: 2})), ['line 1 of the log'])
    assert.equal((await all([input('a', source)], {since: 1, until: 5000})).length, 1000)
  })

  it('takes the last of a time', async () => {
    const {source} = numbered()
    const lines = await all([input('a', source), input('b', source)], {until: 500, tail: 3})
    assert.deepEqual(texts(lines), ['line 498 of the log', 'line 499 of the log', 'line 499 of the log'])
  })

  it('reads only what is in the range', async () => {
    const {log, source} = numbered()
    log.reads.length = 0
    await all([input('a', source)], {since: 990})
    assert.ok(log.reads.length <= 3, `${log.reads.length} reads`)
  })

  it('takes those in which a pattern is found, also the last of these, and keeps gaps', async () => {
    const {log, source} = numbered()
    const select = selectMatching(await linePattern(String.raw`line \d*7\d of`))
    const lines = await all([input('a', source)], {select})
    assert.equal(lines.length, 100)
    assert.deepEqual(texts(await all([input('a', source)], {select, tail: 2})), [
      'line 978 of the log',
      'line 979 of the log',
    ])
    log.cutTo(6)
    const cut = await all([input('a', source)], {select, tail: 1000})
    assert.deepEqual([cut.length, cut[0]?.gap], [101, {bytes: 6, reason: 'cut'}])
  })

  it('says where each source begins, and goes on from there without a line twice or missing', async () => {
    const [a, b] = [memoryLog(), memoryLog()]
    for (let at = 1; at <= 100; at += 1) (at % 3 === 0 ? a : b).write(at, `${at}\r\n`)
    const inputs = [input('a', a.source), input('b', b.source)]
    for (let stop = 0; stop <= 40; stop += 1) {
      const places = new Map<string, number>()
      const seen: string[] = []
      const onBegin = (positions: readonly LogPosition[]): void => {
        for (const {service, offset} of positions) places.set(service, offset)
      }
      for (const line of (await all(inputs, {tail: 40, onBegin})).slice(0, stop)) {
        seen.push(line.text)
        places.set(line.service, line.next)
      }
      const rest = inputs.map((one) => ({...one, from: places.get(one.service) ?? Number.NaN}))
      seen.push(...texts(await all(rest)))
      assert.deepEqual(
        seen,
        Array.from({length: 40}, (_, index) => String(index + 61)),
        `after ${stop} lines`,
      )
    }
    assert.deepEqual(await all([{...input('a', a.source), from: await a.source.end()}], {signal: never}), [])
  })
})

describe('a pattern for lines', () => {
  it('does not count colours, and finds what RE2 finds', async () => {
    const pattern = await linePattern('(?i)^error: .*[0-9]$')
    assert.deepEqual(
      ['\u001B[31mERROR:\u001B[0m code 7', 'error: 12', 'an error: 1'].map((text) => pattern.test(text)),
      [true, true, false],
    )
  })

  it('is answered soon, whatever it is', async () => {
    const text = 'a'.repeat(1_000_000)
    for (const evil of ['(a*)*b', '(a|aa)+$b', '(.*a){50}b', '^(([a-z])+.)+[A-Z]([a-z])+$']) {
      assert.equal((await linePattern(evil)).test(text), false, evil)
    }
  })

  it('is refused with the reason', async () => {
    for (const [pattern, reason] of [
      ['a(b', /missing closing/],
      ['(?=a)', /invalid or unsupported/],
      [String.raw`(a)\1`, /invalid escape/],
      ['(a{500}){500}', /repeat/],
      ['((.*a){30}){30}', /repeats too much|repeat/],
      ['x'.repeat(501), /longer than 500/],
    ] as const) {
      await assert.rejects(
        linePattern(pattern),
        (error: Error) => error instanceof PatternError && reason.test(error.message),
        pattern,
      )
    }
  })
})

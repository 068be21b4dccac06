import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {silentLog} from '../../../src/core/base/log.js'
import type {Json} from '../../../src/core/base/json.js'
import type {LogSpool} from '../../../src/core/contract/spool.js'
import type {Engine} from '../../../plugins/docker/src/engine/engine.js'
import {pumpLogs} from '../../../plugins/docker/src/engine/log-pump.js'
import {never} from '../../core/process/temporary.js'

/** A message as the engine sends it: `seconds` into some minute that is over, or to come. */
function frame(seconds: number, text: string, hour = '2026-01-01T00', stream: 1 | 2 = 1): Buffer {
  const body = Buffer.from(`${hour}:00:${String(seconds).padStart(2, '0')}.000000001Z ${text}\n`)
  const head = Buffer.alloc(8)
  head[0] = stream
  head.writeUInt32BE(body.length, 4)
  return Buffer.concat([head, body])
}

/** Reads a container that has ended from an engine that sends these chunks. */
async function pumped(...chunks: readonly Buffer[]): Promise<string> {
  return (await pumpedFrom([chunks])).written
}

interface State {
  readonly Running: boolean
  readonly StartedAt?: string
  readonly FinishedAt?: string
}

interface Dialled {
  readonly options: {readonly follow: boolean}
}

const ended: State = {Running: false}

/** The same, by what it answers each time that it is asked; a container has ended once the last answer is left. */
async function pumpedFrom(
  answers: readonly (readonly Buffer[])[],
  {after = ended, startedAt}: {readonly after?: State; readonly startedAt?: number} = {},
): Promise<{readonly written: string; readonly asked: readonly object[]}> {
  const left = [...answers]
  const asked: object[] = []
  let written = ''
  let cursor: Json | undefined
  const spool: LogSpool = {
    logs: [],
    get cursor() {
      return cursor
    },
    write: (_stream, bytes) => (written += Buffer.from(bytes).toString()),
    commit: (next) => (cursor = next),
    close: () => undefined,
  }
  const inspect = () => Promise.resolve({State: left.length > 1 ? {StartedAt: iso(startedAt), Running: true} : after})
  const docker = {
    getContainer: () => ({inspect}),
    modem: {
      dial({options}: Dialled, callback: (error: unknown, stream: unknown) => void) {
        asked.push({follow: options.follow})
        callback(null, left.shift() ?? [])
      },
    },
  }
  const engine: Engine = {
    address: () => Promise.reject(new Error('nowhere')),
    machine: undefined,
    ask: (question) => question(docker as never),
  }
  const of = {engine, container: 'some', spool, log: silentLog}
  await pumpLogs({...of, ...(startedAt !== undefined && {startedAt})}, never)
  return {written, asked}
}

const iso = (time = 0): string => new Date(time).toISOString()

describe('the log of a container', () => {
  const [one, two, three, four] = [frame(1, 'one'), frame(2, 'two'), frame(3, 'three'), frame(4, 'four')]

  it('is written once where the engine repeats a part of it, in one chunk or in several', async () => {
    const all = [one, two, three, two, three, four]
    assert.equal(await pumped(...all), 'one\ntwo\nthree\nfour\n')
    assert.equal(await pumped(Buffer.concat(all)), 'one\ntwo\nthree\nfour\n')
  })

  it('has messages of one moment as often as they were printed', async () => {
    assert.equal(await pumped(one, one, two), 'one\none\ntwo\n')
    assert.equal(await pumped(Buffer.concat([one, two, two, one, two, two, three])), 'one\ntwo\ntwo\nthree\n')
  })

  it('goes on where the clock was set back', async () => {
    const ahead = frame(0, 'ahead', '2999-01-01T00')
    assert.equal(await pumped(ahead, one, two), 'ahead\none\ntwo\n')
  })

  it('is whole where the engine tells a reader of the end before the last message', async () => {
    const answers = [
      [one, two],
      [two, three],
    ]
    const {written, asked} = await pumpedFrom(answers)
    assert.equal(written, 'one\ntwo\nthree\n')
    assert.deepEqual(asked, [{follow: true}, {follow: false}])
  })

  it('is read up to the next run where somebody has started the container anew, and no further', async () => {
    const endedAt = Date.parse('2026-01-01T00:00:02.000Z')
    const after = {Running: true, FinishedAt: iso(endedAt), StartedAt: iso(endedAt + 2100)}
    const answers = [
      [one, two],
      [one, two, three, four],
    ]
    const {written, asked} = await pumpedFrom(answers, {after, startedAt: endedAt - 10_000})
    assert.equal(written, 'one\ntwo\nthree\n')
    assert.deepEqual(asked, [{follow: true}, {follow: false}])
  })

  it('goes on in each stream where that was, also within one moment', async () => {
    const wrong = frame(1, 'wrong', undefined, 2)
    const answers = [
      [one, wrong, one],
      [one, wrong, one, wrong, one, two],
    ]
    assert.equal((await pumpedFrom(answers)).written, 'one\nwrong\none\nwrong\none\ntwo\n')
  })
})

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
function pumped(...chunks: readonly Buffer[]): Promise<string> {
  return pumpedFrom([chunks])
}

/** The same, by what it answers each time that it is asked. */
async function pumpedFrom(answers: readonly (readonly Buffer[])[]): Promise<string> {
  const left = [...answers]
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
  const container = {
    logs: () => Promise.resolve(left.shift() ?? []),
    inspect: () => Promise.resolve({State: {Running: false}}),
  }
  const engine: Engine = {
    address: () => Promise.reject(new Error('nowhere')),
    machine: undefined,
    ask: (question) => question({getContainer: () => container} as never),
  }
  await pumpLogs({engine, container: 'some', spool, log: silentLog}, never)
  return written
}

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
    assert.equal(
      await pumpedFrom([
        [one, two],
        [two, three],
      ]),
      'one\ntwo\nthree\n',
    )
  })

  it('goes on in each stream where that was, also within one moment', async () => {
    const wrong = frame(1, 'wrong', undefined, 2)
    const answers = [
      [one, wrong, one],
      [one, wrong, one, wrong, one, two],
    ]
    assert.equal(await pumpedFrom(answers), 'one\nwrong\none\nwrong\none\ntwo\n')
  })
})

import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {framesOf, linesOf, logFrame} from '../../../plugins/docker/src/frames.js'

function frame(stream: 1 | 2, text: string): Buffer {
  const head = Buffer.alloc(8)
  head[0] = stream
  head.writeUInt32BE(Buffer.byteLength(text), 4)
  return Buffer.concat([head, Buffer.from(text)])
}

// eslint-disable-next-line @typescript-eslint/require-await
async function* inParts(bytes: Buffer, ...cuts: readonly number[]): AsyncGenerator<Buffer> {
  let from = 0
  for (const cut of [...cuts, bytes.length]) {
    yield bytes.subarray(from, cut)
    from = cut
  }
}

type Parts = AsyncIterable<readonly {readonly stream: string; readonly bytes: Buffer}[]>

async function textsOf(parts: Parts): Promise<readonly string[]> {
  const texts: string[] = []
  for await (const some of parts) texts.push(...some.map(({stream, bytes}) => `${stream} ${bytes.toString()}`))
  return texts
}

describe('the frames of a stream', () => {
  const all = Buffer.concat([frame(1, 'one'), frame(2, ''), frame(2, 'zwei ü'), frame(1, 'three')])
  const texts = ['stdout one', 'stderr ', 'stderr zwei ü', 'stdout three']

  it('are the same wherever it is cut', async () => {
    for (let cut = 0; cut <= all.length; cut += 1) assert.deepEqual(await textsOf(framesOf(inParts(all, cut))), texts)
    const each = Array.from(all, (_, index) => index)
    assert.deepEqual(await textsOf(framesOf(inParts(all, ...each))), texts)
  })

  it('are left out where they are not whole', async () => {
    assert.deepEqual(await textsOf(framesOf(inParts(all.subarray(0, -1)))), texts.slice(0, -1))
  })

  it('are lines where there is a terminal, wherever it is cut, the last without an end too', async () => {
    const printed = Buffer.from('one\r\n\nthree')
    for (let cut = 0; cut <= printed.length; cut += 1) {
      assert.deepEqual(await textsOf(linesOf(inParts(printed, cut))), ['stdout one\r\n', 'stdout \n', 'stdout three'])
    }
  })

  it('are cut where a line has no end, at the same places wherever it comes from, each part with its time', async () => {
    const time = '2026-01-01T00:00:00.000000001Z '
    const printed = Buffer.from(`${time}${'x'.repeat(200_000)}\n${time}short\n`)
    const whole = await textsOf(linesOf(inParts(printed)))
    assert.equal(whole.length, 5)
    assert.ok(whole.every((text) => text.startsWith(`stdout ${time}`) && text.length <= 7 + 65_536))
    assert.equal(whole.map((text) => text.slice(7 + time.length)).join(''), `${'x'.repeat(200_000)}\nshort\n`)
    assert.deepEqual(await textsOf(linesOf(inParts(printed, 10, 70_000, 131_000))), whole)
  })

  it('begin with a time', () => {
    const {time, bytes} = logFrame('stderr', Buffer.from('2026-01-01T00:00:00.000000001Z a b\n'))
    assert.deepEqual([time, bytes.toString()], ['2026-01-01T00:00:00.000000001Z', 'a b\n'])
  })
})

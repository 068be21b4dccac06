import {strict as assert} from 'node:assert'
import {describe, it} from 'mocha'
import type {JsonObject} from '../../../../src/core/base/json.js'
import type {LogLine} from '../../../../src/core/contract/log.js'
import {until} from '../../transport/until.js'
import {MemoryDaemon} from './memory-daemon.js'

const line = (number: number, more: Partial<LogLine> = {}): LogLine => ({
  time: new Date(1_800_000_000_000 + number).toISOString(),
  stack: 'demo-1',
  service: 'api',
  stream: 'stdout',
  attempt: 1,
  offset: number * 10,
  next: number * 10 + 10,
  text: `line ${number}`,
  ...more,
})

describe('client.logs', () => {
  it('brings the lines that there are, and ends', async () => {
    await using daemon = new MemoryDaemon((_method, params, call) => {
      assert.deepEqual(params, {stack: 'demo', services: [], tail: 2, attempts: 'last', follow: false})
      call.notify('$/log', {lines: [line(1), line(2)]})
      return {lines: 2}
    })
    const client = await daemon.client()
    const lines: string[] = []
    for await (const {text} of client.logs({stack: 'demo', tail: 2})) lines.push(text)
    assert.deepEqual(lines, ['line 1', 'line 2'])
  })

  it('goes on after the last line of each stream when the connection is lost', async () => {
    const asked: JsonObject[] = []
    await using daemon = new MemoryDaemon((_method, params, call) => {
      asked.push(params)
      if (asked.length === 1) {
        call.notify('$/log', {lines: [], begin: [{service: 'api', attempt: 1, stream: 'stderr', offset: 3}]})
      }
      call.notify('$/log', {lines: [line(asked.length)]})
      return new Promise(() => undefined)
    })
    const client = await daemon.client()
    const lines = client.logs({stack: 'demo', tail: 1, follow: true, grep: 'line'})
    assert.equal((await lines.next()).value?.text, 'line 1')
    daemon.lose()
    assert.equal((await lines.next()).value?.text, 'line 2')
    await lines.return()
    const after = [
      {service: 'api', attempt: 1, stream: 'stderr', offset: 3},
      {service: 'api', attempt: 1, stream: 'stdout', offset: 20},
    ]
    const wish = {stack: 'demo', services: [], follow: true, grep: 'line'}
    assert.deepEqual(asked, [
      {...wish, tail: 1, attempts: 'last'},
      {...wish, tail: null, attempts: 'all', after},
    ])
  })

  it('reads no further for a reader that takes nothing', async () => {
    let waiting = (): number => 0
    await using daemon = new MemoryDaemon((_method, _params, call) => {
      waiting = () => sent
      let sent = 0
      const more = (): void => {
        if (sent === 200) return
        sent += 1
        call.notify('$/log', {lines: [line(sent)]})
        setImmediate(more)
      }
      more()
      return new Promise(() => undefined)
    })
    const client = await daemon.client()
    const lines = client.logs({stack: 'demo', follow: true, buffer: 10})
    await until(() => waiting() === 200)
    for (let number = 1; number <= 200; number += 1) {
      assert.equal((await lines.next()).value?.text, `line ${number}`)
    }
    await lines.return()
  })
})

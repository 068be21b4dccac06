import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {layoutFor, logText} from '../../src/cli/log-lines.js'
import {parseTail} from '../../src/cli/parse-tail.js'
import {createStyle} from '../../src/cli/style.js'
import type {LogLine} from '../../src/core/contract/log.js'

const line = (over: Partial<LogLine> = {}): LogLine => ({
  time: '2026-01-01T00:00:00.000Z',
  stack: 'demo',
  service: 'api',
  stream: 'stdout',
  attempt: 1,
  offset: 0,
  next: 6,
  text: 'ready',
  ...over,
})
const plain = {style: createStyle(false), names: ['api', 'worker'], nameWidth: 6, timestamps: false, raw: false}
const coloured = {...plain, style: createStyle(true)}

describe('a line of harness logs', () => {
  it('begins with its service, in line with the others', () => {
    assert.equal(logText(line(), plain), 'api    │ ready')
    assert.equal(logText(line({service: 'worker'}), plain), 'worker │ ready')
  })

  it('has its time when asked for, marked when it is an estimate', () => {
    assert.equal(logText(line(), {...plain, timestamps: true}), '2026-01-01T00:00:00.000Z api    │ ready')
    assert.match(logText(line({estimated: true}), {...plain, timestamps: true}), /^2026-01-01T00:00:00\.000Z~ api/)
  })

  it('cannot fake another prefix or move the cursor', () => {
    assert.equal(logText(line({text: 'x\rworker │ gotcha\x1B[1A\x1B[2K'}), plain), 'api    │ x worker │ gotcha')
  })

  it('keeps the colours of its text on a terminal only, and everything with raw', () => {
    const text = '\x1B[32mok\x1B[0m\x1B[2J'
    assert.equal(logText(line({text}), plain), 'api    │ ok')
    assert.ok(logText(line({text}), coloured).endsWith(' \x1B[32mok\x1B[0m\x1B[0m'))
    assert.ok(logText(line({text}), {...plain, raw: true}).endsWith(text))
  })

  it('gives each service a colour of its own, and standard error a red bar', () => {
    const api = logText(line(), coloured)
    const worker = logText(line({service: 'worker'}), coloured)
    assert.notEqual(api.slice(0, 5), worker.slice(0, 5))
    assert.match(logText(line({stream: 'stderr'}), coloured), /\x1B\[31m│/)
  })

  it('stays in line with services that come later, each with a colour of its own', () => {
    const layout = layoutFor([line({service: 'api-gateway'}), line()], coloured)
    assert.deepEqual([layout.names, layout.nameWidth], [['api', 'worker', 'api-gateway'], 11])
    assert.equal(layoutFor([line()], layout), layout)
    assert.equal(logText(line(), {...layout, style: plain.style}), 'api         │ ready')
  })

  it('says what was lost at a gap', () => {
    const gap = line({text: 'the program truncated its output', gap: {bytes: 2048, reason: 'cut'}})
    assert.equal(logText(gap, plain), 'api    ┊ 2.0 KiB lost here: the program truncated its output')
    assert.match(logText({...gap, gap: {bytes: null, reason: 'cut'}}, plain), /Output lost here/)
  })
})

describe('--tail', () => {
  it('takes a number of lines, or all', () => {
    assert.equal(parseTail('20'), 20)
    assert.equal(parseTail('0'), 0)
    assert.equal(parseTail('all'), null)
  })

  it('refuses anything else as wrong usage', () => {
    for (const text of ['-1', '1.5', 'many', '']) assert.throws(() => parseTail(text), {code: 'USAGE'})
  })
})

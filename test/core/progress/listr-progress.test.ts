import assert from 'node:assert/strict'
import {PassThrough} from 'node:stream'
import {describe, it} from 'mocha'
import {systemClock} from '../../../src/core/base/clock.js'
import {openProgress} from '../../../src/core/progress/open-progress.js'

const same = (text: string): string => text
const paint = {bold: same, cyan: same, dim: same, green: same, red: same, yellow: same}

describe('progress on a terminal', () => {
  it('draws a row for each service, leaves the last picture, and gives the cursor back', async () => {
    let drawn = ''
    const stream = Object.assign(new PassThrough(), {
      columns: 80,
      rows: 24,
      isTTY: true,
    }) as unknown as NodeJS.WriteStream
    stream.on('data', (part: Buffer) => (drawn += part.toString()))
    const view = await openProgress({stream, clock: systemClock, paint, showKept: true, live: true})
    view.update({id: 1, plan: [{kind: 'service', name: 'db', action: 'start', cause: '', after: []}]})
    const moved = {kind: 'service', name: 'db', waitsFor: [], message: null, trouble: null} as const
    view.update({id: 1, step: {...moved, state: 'Starting', at: new Date(0).toISOString()}})
    view.update({id: 1, step: {...moved, state: 'Running', at: new Date(1500).toISOString()}})
    await view.close()
    await view.close()
    assert.match(drawn, /✔ db {2}Running {9}1\.5 s\n/)
    assert.ok(drawn.lastIndexOf('\x1B[?25h') > drawn.lastIndexOf('\x1B[?25l'))
  })

  it('shows what is said in between under the rows', async () => {
    let drawn = ''
    const stream = Object.assign(new PassThrough(), {columns: 80, rows: 24, isTTY: true})
    stream.on('data', (part: Buffer) => (drawn += part.toString()))
    const options = {stream: stream as unknown as NodeJS.WriteStream, clock: systemClock, paint, showKept: true}
    const view = await openProgress({...options, live: true})
    view.update({id: 1, plan: [{kind: 'service', name: 'db', action: 'stop', cause: '', after: []}]})
    await systemClock.sleep(0)
    view.note('Ctrl-C again forces it.')
    await view.close()
    assert.match(drawn, /db.*\n.*Ctrl-C again forces it\.\n/)
  })

  it('shows nothing of what comes after its end', async () => {
    let drawn = ''
    const stream = Object.assign(new PassThrough(), {columns: 80, rows: 24, isTTY: true})
    stream.on('data', (part: Buffer) => (drawn += part.toString()))
    const options = {stream: stream as unknown as NodeJS.WriteStream, clock: systemClock, paint, showKept: true}
    const view = await openProgress({...options, live: true})
    view.update({id: 1, plan: [{kind: 'service', name: 'db', action: 'start', cause: '', after: []}]})
    await view.close()
    const before = drawn
    view.update({id: 1, plan: [{kind: 'service', name: 'late', action: 'start', cause: '', after: []}]})
    view.note('later')
    // A turn of a spinner.
    await systemClock.sleep(150)
    assert.equal(drawn, before)
  })

  it('draws nothing when there was no plan', async () => {
    const stream = new PassThrough() as unknown as NodeJS.WriteStream
    const view = await openProgress({stream, clock: systemClock, paint, showKept: true, live: true})
    await view.close()
    assert.equal((stream as unknown as PassThrough).read(), null)
  })
})

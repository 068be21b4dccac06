import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {eventPrinter} from '../../../src/cli/events/event-printer.js'
import {createStyle} from '../../../src/cli/style.js'
import type {EventItem} from '../../../src/core/client/api/events.js'

const loaded = (stack: string, name: string): EventItem => ({
  ...{topic: 'stack.loaded', seq: 1, epoch: 'e', time: '2026-01-31T12:00:00.000Z', stack, name},
})
const forgotten = (stack: string, name: string): EventItem => ({
  ...{topic: 'stack.forgotten', seq: 1, epoch: 'e', time: '2026-01-31T12:00:00.000Z', stack, name},
})

/** Answers whose an event is said to be. */
function print(): {readonly happens: (item: EventItem) => string | undefined} {
  const shown: string[] = []
  const out = (text: string): void => void shown.push(text)
  const printer = eventPrinter({json: false, out, data: () => undefined, style: createStyle(false)})
  const happens = (item: EventItem): string | undefined => {
    printer.learn(item)
    printer.show(item)
    return shown.at(-1)?.split(' ')[1]
  }
  return {happens}
}

describe('the lines of harness events', () => {
  it('have the names of stacks, and the ids of those that share one', () => {
    const {happens} = print()
    assert.equal(happens(loaded('shop-1', 'shop')), 'shop')
    assert.equal(happens(loaded('shop-2', 'shop')), 'shop-2')
    assert.equal(happens(loaded('shop-1', 'shop')), 'shop-1')
    assert.equal(happens(loaded('desk-3', 'desk')), 'desk')
  })

  it('have the name again once it is of one stack alone', () => {
    const {happens} = print()
    happens(loaded('shop-1', 'shop'))
    happens(loaded('shop-2', 'shop'))
    assert.equal(happens(forgotten('shop-2', 'shop')), 'shop-2')
    assert.equal(happens(loaded('shop-1', 'shop')), 'shop')
    assert.equal(happens(forgotten('shop-1', 'shop')), 'shop')
  })
})

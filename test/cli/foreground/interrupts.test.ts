import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {watchInterrupts} from '../../../src/cli/foreground/interrupts.js'
import {onSignals} from '../../../src/cli/signals.js'

describe('what ends a session', () => {
  it('is a first signal; a second Ctrl-C hurries, a second hang-up does not', async () => {
    const restore = rememberListeners()
    let hurried = 0
    const interrupts = watchInterrupts(() => (hurried += 1))
    try {
      process.emit('SIGHUP')
      process.emit('SIGHUP')
      assert.equal(await interrupts.first, 'SIGHUP')
      assert.equal(interrupts.hurry.aborted, false)
      process.emit('SIGINT')
      process.emit('SIGINT')
      assert.equal(interrupts.hurry.aborted, true)
      assert.equal(hurried, 1)
    } finally {
      restore()
    }
  })

  it('gives everything back when nothing came', () => {
    const count = (): readonly number[] => [
      process.listenerCount('SIGINT'),
      process.stdout.listenerCount('error'),
      process.stderr.listenerCount('error'),
    ]
    const before = count()
    {
      using _interrupts = watchInterrupts(() => undefined)
      assert.equal(process.listenerCount('SIGINT'), (before[0] ?? 0) + 1)
    }
    assert.deepEqual(count(), before)
  })
})

describe('a signal that is taken over', () => {
  it('is heard by its name until it is given back', () => {
    const heard: string[] = []
    {
      using _taken = onSignals(['SIGHUP'], (signal) => heard.push(signal))
      process.emit('SIGHUP')
    }
    assert.deepEqual(heard, ['SIGHUP'])
    assert.equal(process.listenerCount('SIGHUP'), 0)
  })
})

type Emitter = Pick<NodeJS.EventEmitter, 'listeners' | 'on' | 'removeAllListeners'>

/** A session that was ended keeps what it has taken over: its process ends. This one does not. */
function rememberListeners(): () => void {
  const places = [
    ...(['SIGHUP', 'SIGINT', 'SIGTERM'] as const).map((name) => ({of: process as Emitter, name})),
    ...[process.stdout, process.stderr].map((of) => ({of: of as Emitter, name: 'error'})),
  ]
  const before = places.map(({of, name}) => of.listeners(name) as ((...args: unknown[]) => void)[])
  return () => {
    for (const [index, {of, name}] of places.entries()) {
      of.removeAllListeners(name)
      for (const listener of before[index] ?? []) of.on(name, listener)
    }
  }
}

import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {systemClock} from '../../../../src/core/base/clock.js'
import type {LogSpool} from '../../../../src/core/contract/spool.js'
import {spoolOpener} from '../../../../src/core/process/log/spool.js'
import {spoolWriter} from '../../../../src/core/process/log/write-spool.js'
import {eventually, temporaryFolder} from '../temporary.js'

const logs = {capture: 'file', merge: false} as const

describe('the writers of a spool', () => {
  it('take turns: who comes later takes over, and who was there before goes on after that', async () => {
    using folder = temporaryFolder()
    const write = spoolWriter(spoolOpener(systemClock))
    const options = {directory: folder.path, logs}
    const said: string[] = []
    const stops: AbortController[] = []
    const writer = (name: string): Promise<void> => {
      const stop = new AbortController()
      stops.push(stop)
      const work = (_spool: LogSpool, signal: AbortSignal): Promise<void> =>
        new Promise((resolve) => {
          said.push(`${name} begins`)
          signal.addEventListener('abort', () => {
            said.push(`${name} ends`)
            resolve()
          })
        })
      return write(options, work, stop.signal)
    }
    const both = [writer('one')]
    await eventually(() => said.length === 1)
    both.push(writer('two'))
    await eventually(() => said.length === 3)
    stops[1]?.abort()
    await eventually(() => said.length === 5)
    stops[0]?.abort()
    await Promise.all(both)
    assert.deepEqual(said, ['one begins', 'one ends', 'two begins', 'two ends', 'one begins', 'one ends'])
  })

  it('leave it to the next when one fails, and end when the work is done', async () => {
    using folder = temporaryFolder()
    const write = spoolWriter(spoolOpener(systemClock))
    const options = {directory: folder.path, logs}
    const {signal} = new AbortController()
    await assert.rejects(
      write(options, () => Promise.reject(new Error('the disk is full')), signal),
      /the disk is full/,
    )
    await write(
      options,
      (spool) => {
        spool.write('stdout', Buffer.from('one\n'), systemClock.now())
        return Promise.resolve()
      },
      signal,
    )
    const spool = spoolOpener(systemClock)(options)
    assert.equal(await spool.logs[0]?.end(), 4)
    spool.close()
  })
})

import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import type {Catalogue} from '../../../src/core/contract/catalogue.js'
import type {Session} from '../../../src/core/contract/session.js'
import type {ServiceSupervisor} from '../../../src/core/service/supervisor.js'
import {StackSessions} from '../../../src/core/stack/stack-sessions.js'

/** With its methods where a class has them. */
class Recorded implements Session {
  readonly calls: string[] = []
  readonly ended = Promise.resolve({by: 'code', code: 0} as const)
  readonly output = (async function* () {
    // It prints nothing.
  })()

  write(bytes: Uint8Array): Promise<void> {
    this.calls.push(`write ${bytes.length}`)
    return Promise.resolve()
  }

  endInput(): Promise<void> {
    this.calls.push('end')
    return Promise.resolve()
  }

  resize({columns, rows}: {readonly columns: number; readonly rows: number}): void {
    this.calls.push(`resize ${columns} ${rows}`)
  }

  signal(signal: NodeJS.Signals): void {
    this.calls.push(signal)
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.calls.push('dispose')
    return Promise.resolve()
  }
}

describe('a session beside a service', () => {
  it('may be of a class of its executor', async () => {
    const recorded = new Recorded()
    const service = {
      name: 'api',
      handle: {openSession: () => Promise.resolve(recorded)},
      record: {state: 'Running'},
      onChange: () => ({[Symbol.dispose]: () => undefined}),
    } as unknown as ServiceSupervisor
    const sessions = new StackSessions({} as Catalogue, () => [service])
    {
      await using session = await sessions.open('api', {program: 'sh', args: [], env: {}})
      await session.write(Buffer.from('abc'))
      session.resize({columns: 80, rows: 24})
      session.signal('SIGINT')
      await session.endInput()
    }
    assert.deepEqual(recorded.calls, ['write 3', 'resize 80 24', 'SIGINT', 'end', 'dispose'])
  })
})

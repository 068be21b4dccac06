import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {failsOneOf, openServiceEvents} from '../../../src/cli/foreground/service-events.js'
import {lateFailure} from '../../../src/cli/foreground/session-report.js'
import type {Client} from '../../../src/core/client/client.js'
import type {ServiceStatus} from '../../../src/core/contract/status.js'
import type {DaemonEvent} from '../../../src/core/protocol/notifications.js'
import {serviceStatus} from '../fixtures.js'

function moved(service: string, to: string): DaemonEvent {
  const status = serviceStatus({name: service})
  return {seq: 1, time: '', topic: 'service.state', stack: 'demo', service, from: 'Running', to, event: 'any', status}
}

/** A daemon that has left events out, and answers a subscription with `after` as the test says. */
function gappyClient(again: {readonly replay?: readonly DaemonEvent[]; readonly snapshot?: readonly ServiceStatus[]}) {
  const asked: object[] = []
  let hear: (event: DaemonEvent) => void = () => undefined
  let gap = (): void => undefined
  const client = {
    onEvent: (listener: typeof hear) => ((hear = listener), {[Symbol.dispose]: () => undefined}),
    onGap: (listener: typeof gap) => ((gap = listener), {[Symbol.dispose]: () => undefined}),
    call(_method: string, params: {readonly after?: number}) {
      asked.push(params)
      if (params.after === undefined) return Promise.resolve({epoch: 'epoch-1', seq: 0})
      for (const event of again.replay ?? []) hear(event)
      const {snapshot} = again
      return Promise.resolve({
        epoch: 'epoch-1',
        seq: 9,
        ...(snapshot ? {snapshot: [{stack: 'demo', name: 'demo', file: '', services: snapshot, tasks: []}]} : {}),
      })
    },
  }
  return {
    client: client as unknown as Client,
    asked,
    lose: () => {
      hear({...moved('db', 'Running'), seq: 5})
      gap()
    },
  }
}

describe('a session that has missed events', () => {
  const target = {stack: 'demo', service: 'api', after: 0}
  const exit = {code: 7, signal: null, at: ''}
  const failed = serviceStatus({name: 'api', state: 'Failed', attempt: 1, exit})

  it('asks for what came after the last one that it has', async () => {
    const replay = [{...moved('api', 'Failed'), event: 'exitedFinal', status: failed} as DaemonEvent]
    const {client, asked, lose} = gappyClient({replay})
    using events = await openServiceEvents(client)
    const code = events.exitOf(target)
    lose()
    assert.equal(await code, 7)
    assert.deepEqual(asked.at(-1), {topics: ['service.state'], snapshot: false, after: 5, epoch: 'epoch-1'})
  })

  it('takes how everything is when the daemon has them no longer', async () => {
    const {client, lose} = gappyClient({snapshot: [failed]})
    using events = await openServiceEvents(client)
    const code = events.exitOf(target)
    const failure = events.failureOf('demo', ['api'])
    lose()
    assert.equal(await code, 7)
    assert.equal((await failure).name, 'api')
  })
})

describe('the failure of a service in a session', () => {
  it('is its move to Failed, not that of others, nor another move', () => {
    assert.equal(failsOneOf(moved('api', 'Failed'), 'demo', ['api']), true)
    assert.equal(failsOneOf(moved('api', 'Failed'), 'demo', ['db']), false)
    assert.equal(failsOneOf(moved('api', 'Failed'), 'other', ['api']), false)
    for (const to of ['Restarting', 'Stopped', 'Unhealthy'])
      assert.equal(failsOneOf(moved('api', to), 'demo', ['api']), false)
  })

  it('is told with its reason and what to type next', () => {
    const exit = {code: 7, signal: null, at: ''}
    const report = lateFailure(serviceStatus({name: 'api', reason: 'exited with code 7', exit}))
    assert.equal(report.reason, 'exited with code 7')
    assert.match(report.hint, /harness logs api/)
    assert.deepEqual(report.exit, exit)
  })
})

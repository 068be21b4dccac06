import assert from 'node:assert/strict'
import {mkdirSync, readdirSync, statSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'

import {historyKey} from '../../../src/core/service/history.js'
import {serviceKey, type ServiceRecord} from '../../../src/core/service/record.js'
import {eventually} from '../process/temporary.js'
import {noRestart, shellService} from './definitions.js'
import {kill, reaches, up, workbench} from './workbench.js'

const forever = 'echo hello; exec sleep 600'
const restart = {...noRestart, policy: 'always', delayMs: 20, maxDelayMs: 20} as const
type Bench = ReturnType<typeof workbench>

/** As a journal that was damaged, or lost: what is known of the service is this. */
function remember(bench: Bench, record: ServiceRecord | undefined): Promise<unknown> {
  const changes = [
    {key: serviceKey('demo', 'api'), value: record as never},
    {key: historyKey('demo', 'api'), value: undefined},
  ]
  return bench.store.commit(changes)
}

/** Its pid: it runs, the daemon is gone, and so is its record. */
async function leftRunning(bench: Bench, definition: ReturnType<typeof shellService>): Promise<number | null> {
  const before = await up(bench.supervisor(definition))
  await reaches(before, 'Running')
  const {pid} = before.status()
  await bench.letGo(before)
  await remember(bench, undefined)
  return pid
}

const copies = (bench: Bench): readonly string[] => {
  const folder = path.join(bench.folder, 'runs', 'demo', 'api')
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => path.join(folder, name))
}

describe('a service that runs and whose record was lost', () => {
  it('is taken over, with its attempt and its ports, and can be stopped', async () => {
    await using bench = workbench()
    const ports = [{name: 'default', protocol: 'tcp', port: 0}] as const
    const definition = shellService(forever, {ports})
    const before = await up(bench.supervisor(definition))
    await before.restart()
    await reaches(before, 'Running')
    const {pid, attempt, endpoints} = before.status()
    assert.equal(attempt, 2)
    await bench.letGo(before)
    await remember(bench, undefined)

    const after = bench.supervisor(definition)
    await after.recover()
    await reaches(after, 'Running')
    const found = after.status()
    assert.deepEqual([found.pid, found.attempt, found.endpoints, found.desired], [pid, attempt, endpoints, 'up'])
    assert.equal(after.record.ports['default'], endpoints[0]?.port)
    assert.deepEqual(
      after.record.earlier.map((each) => each.attempt),
      [1],
    )
    assert.deepEqual(
      after.history().map(({event, reason}) => [event, reason]),
      [
        ['adopt', 'it was found running; the record of its start was lost'],
        ['ready', null],
      ],
    )
    assert.match(bench.troubles.join(), /taken over.*"stack":"demo","service":"api"/)
    assert.deepEqual(await bench.left(), [pid])
    await after.stop()
    assert.deepEqual(await bench.left(), [])
  })

  it('is taken over by a start that comes before anybody has looked for it', async () => {
    for (const begin of ['start', 'restart'] as const) {
      await using bench = workbench()
      const definition = shellService(forever)
      const before = await up(bench.supervisor(definition))
      await reaches(before, 'Running')
      const {pid} = before.status()
      await bench.letGo(before)
      await remember(bench, undefined)

      const after = bench.supervisor(definition)
      await after.want(null)
      await after[begin]()
      await reaches(after, 'Running')
      await after.adopt()
      assert.equal(after.status().pid === pid, begin === 'start', begin)
      assert.deepEqual(await bench.left(), [after.status().pid], begin)
    }
  })

  it('is taken over from whatever an older record says', async () => {
    for (const state of ['Running', 'Restarting', 'Stopping', 'Stopped', 'Failed'] as const) {
      await using bench = workbench()
      const definition = shellService(forever, {restart})
      const before = await up(bench.supervisor(definition))
      await reaches(before, 'Running')
      const old = {...before.record, state, desired: state === 'Running' ? ('up' as const) : ('down' as const)}
      await before.restart()
      await reaches(before, 'Running')
      const {pid} = before.status()
      await bench.letGo(before)
      await remember(bench, old)

      const after = bench.supervisor(definition)
      await after.recover()
      await reaches(after, 'Running')
      assert.deepEqual([after.status().pid, after.status().attempt], [pid, 2], state)
      assert.deepEqual(await bench.left(), [pid], state)
    }
  })

  it('has all its time to become ready, however long it has run', async () => {
    await using bench = workbench()
    const definition = shellService(forever)
    const began = Date.now()
    await leftRunning(bench, definition)
    const after = bench.supervisor({...definition, startupTimeoutMs: 5000, minUptimeMs: 50, onStartTimeout: 'stop'})
    await eventually(() => Date.now() - began > 100)
    await after.adopt()
    await reaches(after, 'Running')
    assert.equal(after.record.overdue, false)
  })

  it('is left alone when it has ended', async () => {
    await using bench = workbench()
    const definition = shellService(forever)
    const pid = await leftRunning(bench, definition)
    kill(pid ?? 0)
    await eventually(async () => (await bench.left()).length === 0)
    const after = bench.supervisor(definition)
    await after.recover()
    assert.deepEqual([after.record.state, after.record.attempt], ['NotStarted', 0])
  })

  it('is sought again before a start when nobody could tell of it at first', async () => {
    await using bench = workbench()
    const definition = shellService(forever)
    const pid = await leftRunning(bench, definition)
    const executor = bench.host.executor('process')
    const recover = (): Promise<never> => Promise.reject(new Error('the engine is away'))
    Object.assign(bench.host, {executor: () => ({...executor, recover})})
    const after = bench.supervisor(definition)
    await after.recover()
    assert.equal(after.record.state, 'NotStarted')
    Object.assign(bench.host, {executor: () => executor})
    await up(after)
    await reaches(after, 'Running')
    assert.deepEqual([after.status().pid, await bench.left()], [pid, [pid]])
  })

  it('is told by private files that go with their attempts, and by nothing that cannot be read', async () => {
    await using bench = workbench()
    const definition = shellService(forever)
    const service = await up(bench.supervisor(definition))
    await reaches(service, 'Running')
    const [file = ''] = copies(bench)
    assert.equal(statSync(file).mode & 0o777, 0o600)
    for (let attempt = 2; attempt <= 7; attempt += 1) await service.restart()
    await reaches(service, 'Running')
    await eventually(() => copies(bench).length === 5)
    copies(bench).forEach((copy, index) => {
      writeFileSync(copy, index % 2 === 0 ? '{"schema": 1, "value": {"attempt": 1}}' : '{')
    })
    await bench.letGo(service)
    await remember(bench, undefined)
    const after = bench.supervisor(definition)
    await after.recover()
    assert.equal(after.record.state, 'NotStarted')
  })

  it('starts all the same where no copy can be kept', async () => {
    await using bench = workbench()
    const executor = bench.host.executor('process')
    // Something else has the name of the copy.
    const intent: typeof executor.intent = (request) => {
      mkdirSync(`${request.runDirectory}.json`, {recursive: true})
      return executor.intent(request)
    }
    Object.assign(bench.host, {executor: () => ({...executor, intent})})
    const service = await up(bench.supervisor(shellService(forever)))
    await reaches(service, 'Running')
    assert.match(bench.troubles.join(), /no copy of an attempt could be kept/)
    await service.stop()
  })
})

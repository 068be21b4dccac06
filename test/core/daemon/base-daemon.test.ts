import assert from 'node:assert/strict'
import {existsSync, statSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'

import {systemClock} from '../../../src/core/base/clock.js'
import {statePaths} from '../../../src/core/base/state-directory.js'
import {connect, tryConnect} from '../../../src/core/client/connect.js'
import type {Client} from '../../../src/core/client/client.js'
import {loadStack} from '../../../src/core/config/load-stack.js'
import type {StackDefinition} from '../../../src/core/contract/stack.js'
import {BaseDaemon, type BaseDaemonBuilder} from '../../../src/core/daemon/base-daemon.js'
import {FakeClock} from '../../../src/testing/fake-clock.js'
import {eventually, temporaryFolder} from '../process/temporary.js'
import {callerEnv, kill, processesOf, removed, troubleLog} from '../service/workbench.js'
import {file, forever, sh} from '../stack/workbench.js'

/** A folder for a stack with a state directory in it; nothing runs afterwards. */
function home() {
  const folder = temporaryFolder()
  const stateDirectory = path.join(folder.path, 'state')
  const {log, troubles} = troubleLog()
  const daemons: BaseDaemon[] = []
  const runs = path.join(folder.path, 'runs')
  return {
    folder: folder.path,
    stateDirectory,
    troubles,
    runs,
    builder: (): BaseDaemonBuilder =>
      BaseDaemon.builder()
        .withStateDirectory(stateDirectory)
        .withVersion('1.2.3')
        .withLog(log)
        .withPlugins([
          {
            name: '@service-harness/cli',
            version: '0.0.0',
            kind: 'core',
            api: '^1.0',
            load: () => import('../../../src/hooks/register.js'),
          },
        ]),
    async build(configure: (builder: BaseDaemonBuilder) => BaseDaemonBuilder = (builder) => builder) {
      const daemon = await configure(this.builder()).build()
      daemons.push(daemon)
      return daemon
    },
    connect: (): Promise<Client> => connect({stateDirectory, client: {name: 'test', version: '0'}, clock: systemClock}),
    left: () => processesOf(runs),
    async [Symbol.asyncDispose]() {
      for (const daemon of daemons) await daemon[Symbol.asyncDispose]()
      await eventually(async () => {
        const left = await processesOf(runs)
        for (const pid of left) kill(pid)
        return left.length === 0
      })
      await removed(folder)
    },
  }
}

async function definitionIn(folder: string, text: string): Promise<StackDefinition> {
  const {definition} = await loadStack({cwd: folder, files: ['-'], env: {}, stdin: () => Promise.resolve(text)})
  return definition
}

const demo = file([sh('api', forever, 'dependencies: [db]'), sh('db', forever)])
const ask = {stack: 'demo', services: [], env: callerEnv}

describe('BaseDaemon', () => {
  it('is built in a directory that is its own, answers, and leaves no trace of itself', async () => {
    await using place = home()
    const daemon = await place.build()
    const paths = statePaths(place.stateDirectory)
    assert.equal(statSync(place.stateDirectory).mode & 0o777, 0o700)
    assert.equal(statSync(paths.info).mode & 0o777, 0o600)
    const client = await place.connect()
    const info = await client.call('daemon.info', {})
    assert.deepEqual(
      [info.pid, info.version, info.stateDir, info.stacks],
      [process.pid, '1.2.3', place.stateDirectory, []],
    )
    assert.deepEqual(info.listeners, daemon.info.listeners)
    await daemon.shutdown({stopServices: false})
    assert.ok((await client.closed) instanceof Error)
    await daemon.ended
    assert.deepEqual([existsSync(paths.info), existsSync(paths.socket)], [false, false])
    const options = {stateDirectory: place.stateDirectory, client: {name: 'test', version: '0'}, clock: systemClock}
    assert.equal(await tryConnect(options), undefined)
  })

  it('shares its directory with no other daemon, and the loser disturbs nothing', async () => {
    await using place = home()
    const first = await place.build()
    await assert.rejects(place.build(), {code: 'STATE_LOCKED', subject: place.stateDirectory})
    await using client = await place.connect()
    assert.equal((await client.call('daemon.info', {})).epoch, first.info.epoch)
    await first.shutdown({stopServices: false})
    await place.build()
  })

  it('ends while its services go on, and the next one finds them', async () => {
    await using place = home()
    const definition = await definitionIn(place.folder, demo)
    const first = await place.build((builder) => builder.withConfig(definition))
    const before = await place.connect()
    assert.deepEqual((await before.call('service.start', {...ask, requestId: 'r'})).started, ['db', 'api'])
    const {services} = await before.call('service.status', {stack: 'demo', services: []})
    await first.shutdown({stopServices: false})
    assert.equal((await place.left()).length, 2)
    await place.build()
    await using after = await place.connect()
    const found = await after.call('service.status', {stack: 'demo', services: []})
    assert.deepEqual(
      found.services.map(({state, pid}) => [state, pid]),
      services.map(({pid}) => ['Running', pid]),
    )
    assert.deepEqual(place.troubles, [])
  })

  it('leaves nothing behind when it is to stop its services, not even those still on their way', async () => {
    await using place = home()
    const check = "health_check: {command: 'false', args: [], start_interval: 20ms}"
    const definition = await definitionIn(
      place.folder,
      file([sh('api', forever, 'dependencies: [db]'), sh('db', forever, check), sh('other', forever)]),
    )
    const daemon = await place.build((builder) => builder.withConfig(definition))
    const client = await place.connect()
    const lost = client.call('service.start', {...ask, requestId: 'r'})
    lost.catch(() => undefined)
    await eventually(async () => (await place.left()).length === 2)
    await client.call('daemon.shutdown', {stopServices: true})
    await daemon.ended
    assert.deepEqual(await place.left(), [])
    await place.build()
    await using after = await place.connect()
    const {services} = await after.call('service.status', {stack: 'demo', services: []})
    assert.ok(services.every(({desired, state}) => desired === 'down' && state !== 'Running'))
    assert.deepEqual(place.troubles, [])
  })

  it('starts nothing for requests that come while it stops its services', async () => {
    await using place = home()
    const slow = sh('api', `trap 'sleep 0.3; exit 0' TERM; echo up >> up; while :; do sleep 0.05; done`)
    const definition = await definitionIn(place.folder, file([slow, sh('db', forever)]))
    const daemon = await place.build((builder) => builder.withConfig(definition))
    const client = await place.connect()
    await client.call('service.start', {...ask, requestId: 'r'})
    const state = {over: false}
    const ending = daemon.shutdown({stopServices: true}).then(() => {
      state.over = true
    })
    const late: Promise<unknown>[] = []
    while (!state.over) {
      const request = client.call('service.start', {...ask, requestId: `late-${late.length}`})
      request.catch(() => undefined)
      late.push(request)
      await systemClock.sleep(5)
    }
    await ending
    assert.deepEqual(await place.left(), [])
    assert.ok(late.length > 10)
    for (const request of late) await request.catch(() => undefined)
    await place.build()
    await using after = await place.connect()
    const {services} = await after.call('service.status', {stack: 'demo', services: []})
    assert.deepEqual(
      services.map(({state, desired}) => `${state} ${desired}`),
      ['Stopped down', 'Stopped down'],
    )
  })

  it('refuses to be built with a stack that does not fit, and gives the directory back', async () => {
    await using place = home()
    const {services, ...rest} = await definitionIn(place.folder, demo)
    const {db} = services
    const broken = {...rest, services: {db: {...db!, target: {type: 'teleport', spec: {}}}}}
    await assert.rejects(
      place.build((builder) => builder.withConfig(broken)),
      {code: 'CONFIG_INVALID'},
    )
    await place.build()
  })

  it('answers each call for its end with the same promise', async () => {
    await using place = home()
    const daemon = await place.build()
    const ending = daemon.shutdown({stopServices: false})
    assert.equal(daemon.shutdown({stopServices: true}), ending)
    await ending
  })

  it('ends by itself when there is nothing to do and nobody to talk to', async () => {
    await using place = home()
    const clock = new FakeClock(Date.now())
    const daemon = await place.build((builder) => builder.endWhenIdle().withClock(clock))
    const client = await place.connect()
    await clock.advance(10_000)
    assert.equal(daemon.info.pid, process.pid)
    await client[Symbol.asyncDispose]()
    const ended = daemon.ended.then(() => true)
    await eventually(async () => {
      await clock.advance(1000)
      return Promise.race([ended, Promise.resolve(false)])
    })
    assert.equal(existsSync(statePaths(place.stateDirectory).info), false)
  })
})

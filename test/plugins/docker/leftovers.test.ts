import assert from 'node:assert/strict'
import {randomUUID} from 'node:crypto'
import path from 'node:path'
import {describe, it} from 'mocha'
import {systemClock} from '../../../src/core/base/clock.js'
import {silentLog} from '../../../src/core/base/log.js'
import type {StartRequest} from '../../../src/core/contract/executor.js'
import {createPluginServices} from '../../../src/core/plugin/plugin-services.js'
import {lentServices} from '../../../src/core/process/lent.js'
import {openEngine} from '../../../plugins/docker/src/engine/engine.js'
import {dockerExecutor} from '../../../plugins/docker/src/executor.js'
import {share} from '../../../plugins/docker/src/shared.js'
import type {DockerSpec} from '../../../plugins/docker/src/spec.js'
import {eventually, never, temporaryFolder} from '../../core/process/temporary.js'
import {withEngine} from './with-engine.js'

describe('plugins/docker after a daemon that was killed', function () {
  this.timeout(60_000)
  const engine = withEngine()

  function setUp() {
    const folder = temporaryFolder()
    const services = createPluginServices({
      name: 'docker',
      stateDirectory: folder.path,
      log: silentLog,
      lent: lentServices(systemClock),
    })
    const instance = randomUUID()
    const request: StartRequest<DockerSpec> = {
      ...{id: 'left/web/1', stack: 'left', service: 'web', attempt: 1, instance},
      ...{directory: folder.path, runDirectory: path.join(folder.path, 'run')},
      ...{env: {}, inheritedEnv: {}, endpoints: [], logs: {capture: 'file', merge: false}, graceMs: 0},
      spec: {image: 'busybox:local', command: ['sleep', '1000']},
    }
    const executor = dockerExecutor(share(services, openEngine(services, {...process.env, DOCKER_HOST: engine().host})))
    return {
      instance,
      start: () => executor.start(request, {signal: never, progress: () => undefined}),
      recover: () => executor.recover(executor.intent(request), never),
      [Symbol.dispose]: () => {
        folder[Symbol.dispose]()
      },
    }
  }

  const count = async (...args: readonly string[]): Promise<number> =>
    (await engine().docker(...args)).split('\n').filter(Boolean).length

  it('removes a container that the engine makes after it was looked for', async () => {
    using scene = setUp()
    assert.equal(await scene.recover(), undefined)
    const label = `harness.instance=${scene.instance}`
    await engine().docker('create', '--label', label, 'busybox:local', 'true')
    const isGone = async (): Promise<boolean> => (await count('ps', '-aq', '--filter', `label=${label}`)) === 0
    assert.equal(await isGone(), false)
    await eventually(isGone)
  })

  it('starts where the engine has two networks of one name', async () => {
    using scene = setUp()
    const name = 'harness-left'
    const names = ['network', 'ls', '-q', '--filter', `name=${name}`]
    // The engine makes two only of those who ask at the same time, and not always.
    await eventually(async () => {
      const ids = (await engine().docker(...names)).split('\n').filter(Boolean)
      if (ids.length > 1) return true
      if (ids.length > 0) await engine().docker('network', 'rm', ...ids)
      const create = () => engine().docker('network', 'create', '--label', 'harness.stack=left', name)
      await Promise.allSettled(Array.from({length: 4}, create))
      return false
    }, 30_000)
    const handle = await scene.start()
    assert.equal(await count(...names), 1)
    await handle.stop({graceMs: 0})
    await handle.destroy()
    assert.equal(await count(...names), 0)
  })
})

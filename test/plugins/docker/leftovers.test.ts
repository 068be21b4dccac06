import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {dockerExecutor} from '../../../plugins/docker/src/executor.js'
import type {DockerSpec} from '../../../plugins/docker/src/spec.js'
import {eventually, never} from '../../core/process/temporary.js'
import {pluginParts} from './plugin-parts.js'
import {withEngine} from './with-engine.js'

describe('plugins/docker after a daemon that was killed', function () {
  this.timeout(60_000)
  const engine = withEngine()

  function setUp() {
    const parts = pluginParts(engine().host)
    const spec: DockerSpec = {image: 'busybox:local', command: ['sleep', '1000']}
    const request = parts.request('left/web', spec)
    const executor = dockerExecutor(parts.shared())
    return {
      instance: request.instance,
      start: () => executor.start(request, {signal: never, progress: () => undefined}),
      recover: () => executor.recover(executor.intent(request), never),
      [Symbol.dispose]: () => {
        parts[Symbol.dispose]()
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

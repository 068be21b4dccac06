import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {dockerExecutor} from '../../../plugins/docker/src/executor.js'
import {eventually, never} from '../../core/process/temporary.js'
import {pluginParts} from './plugin-parts.js'
import {withEngine} from './with-engine.js'

describe('plugins/docker, a container that is to end', function () {
  this.timeout(60_000)
  const engine = withEngine()

  it('is asked to once more where the engine was away the first time', async () => {
    using parts = pluginParts(engine().host)
    const script = 'trap "echo asked; exit 3" TERM; echo up; while :; do sleep 0.05; done'
    const request = parts.request('shop/web', {image: 'busybox:local', command: ['sh', '-c', script]})
    const handle = await dockerExecutor(parts.shared()).start(request, {signal: never, progress: () => undefined})
    const printed = async (): Promise<string> => {
      const [log] = handle.logs
      return Buffer.from((await log?.read(0, 1000))?.bytes ?? []).toString()
    }
    await eventually(async () => (await printed()) === 'up\n')
    engine().kill('SIGTERM')
    await eventually(() => handle.reachability?.current === 'unknown')
    await assert.rejects(handle.stop({graceMs: 20_000}), {code: 'EXECUTOR_UNAVAILABLE'})
    await engine().restart()
    assert.deepEqual(await handle.stop({graceMs: 20_000}), {by: 'code', code: 3})
    assert.equal(await printed(), 'up\nasked\n')
    await handle.destroy()
  })
})

import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import type {WorkloadHandle} from '../../../src/core/contract/workload.js'
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
    await eventually(async () => (await printedBy(handle)) === 'up\n')
    engine().kill('SIGTERM')
    await eventually(() => handle.reachability?.current === 'unknown')
    await assert.rejects(handle.stop({graceMs: 20_000}), {code: 'EXECUTOR_UNAVAILABLE'})
    await engine().restart()
    assert.deepEqual(await handle.stop({graceMs: 20_000}), {by: 'code', code: 3})
    assert.equal(await printedBy(handle), 'up\nasked\n')
    await handle.destroy()
  })

  it('is lost where somebody else removes it while no daemon is there, and what it has printed is kept', async () => {
    using parts = pluginParts(engine().host)
    const request = parts.request('shop/api', {image: 'busybox:local', command: ['sh', '-c', 'echo up; sleep 600']})
    const context = {signal: never, progress: () => undefined}
    const handle = await dockerExecutor(parts.shared()).start(request, context)
    await eventually(async () => (await printedBy(handle)) === 'up\n')
    handle.release()
    await engine().docker('rm', '--force', handle.place.container ?? '')
    const found = await dockerExecutor(parts.shared()).recover(handle.save(), never)
    assert.deepEqual(await found?.wait(), {by: 'lost', reason: 'somebody else removed the container'})
    assert.equal(found && (await printedBy(found)), 'up\n')
    await found?.destroy()
  })
})

async function printedBy({logs: [log]}: Pick<WorkloadHandle, 'logs'>): Promise<string> {
  return Buffer.from((await log?.read(0, 1000))?.bytes ?? []).toString()
}

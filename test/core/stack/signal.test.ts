import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {eventually} from '../process/temporary.js'
import {file, forever, sh, start, states, stop, workbench} from './workbench.js'

const onUsr1 = (then: string): string => `trap '${then}' USR1; echo ready >> said; while :; do sleep 0.02; done`

describe('a signal to a service', () => {
  it('reaches its program, and nothing that the program has started', async () => {
    await using bench = await workbench()
    const child = `sh -c 'trap "echo child >> said" USR1; while :; do sleep 0.02; done' & `
    const stack = await bench.load(file([sh('api', child + onUsr1('echo caught >> said'))]))
    await start(stack)
    await eventually(() => bench.written('said').includes('ready'))
    assert.deepEqual(await stack.sessions.signal('api', 'SIGUSR1'), ['api'])
    await eventually(() => bench.written('said').includes('caught'))
    assert.deepEqual(bench.written('said'), ['ready', 'caught'])
    assert.equal(states(stack), 'api=Running')
  })

  it('that ends the program is an exit like any other: it fails under `restart: no`, and is restarted under `always`', async () => {
    await using bench = await workbench()
    const again = 'restart: {policy: always, delay: 10ms}'
    const stack = await bench.load(file([sh('once', forever, 'restart: no'), sh('ever', forever, again)]))
    await start(stack)
    await stack.sessions.signal('once', 'SIGTERM')
    await eventually(() => states(stack).startsWith('once=Failed'))
    assert.equal(stack.status(['once']).services[0]?.reason, 'killed by SIGTERM')
    await stack.sessions.signal('ever', 'SIGKILL')
    await eventually(() => stack.status(['ever']).services[0]?.attempt === 2)
    await eventually(() => states(stack).endsWith('ever=Running'))
    assert.equal(stack.status(['ever']).services[0]?.desired, 'up')
  })

  it('goes to all replicas that run', async () => {
    await using bench = await workbench()
    const stack = await bench.load(file([sh('api', onUsr1('echo caught >> said'), 'replicas: 2')]))
    await start(stack)
    await eventually(() => bench.written('said').length === 2)
    assert.deepEqual(await stack.sessions.signal('api', 'SIGUSR1'), ['api', 'api-2'])
    await eventually(() => bench.written('said').filter((line) => line === 'caught').length === 2)
    await stop(stack, ['api-2'])
    assert.deepEqual(await stack.sessions.signal('api', 'SIGUSR1'), ['api'])
  })

  it('is refused when nothing runs, when it is none, and when the executor cannot', async () => {
    await using bench = await workbench()
    const attached = ['  other:', '    type: process-attach', `    pid: ${process.pid}`].join('\n')
    const stack = await bench.load(file([sh('api', forever), attached]))
    await assert.rejects(stack.sessions.signal('ghost', 'SIGHUP'), {code: 'SERVICE_UNKNOWN'})
    await assert.rejects(stack.sessions.signal('api', 'SIGHUP'), {
      code: 'SERVICE_NOT_RUNNING',
      message: "Service 'api' does not run: it was never started.",
    })
    await start(stack)
    await assert.rejects(stack.sessions.signal('api', 'SIGHUPP'), {code: 'REQUEST_INVALID'})
    await assert.rejects(stack.sessions.signal('other', 'SIGHUP'), {
      code: 'EXECUTOR_CANNOT',
      message: "The executor 'process-attach' cannot do this: it sends no signals to 'other'.",
    })
    await stop(stack, ['api'])
    await assert.rejects(stack.sessions.signal('api', 'SIGHUP'), {
      code: 'SERVICE_NOT_RUNNING',
      reason: /^it is Stopped/,
    })
  })
})

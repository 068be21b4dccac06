import assert from 'node:assert/strict'
import {writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'

import type {Probe, ProbeCheck} from '../../../src/core/contract/probe.js'
import {file, forever, sh, start, states, stop, workbench} from './workbench.js'

const probe = (check: ProbeCheck): Probe => ({
  check,
  intervalMs: 60_000,
  startIntervalMs: 10,
  startPeriodMs: 60_000,
  timeoutMs: 2000,
  successThreshold: 1,
  failureThreshold: 1,
})
const absent = (name: string): ProbeCheck => ({
  kind: 'command',
  program: 'test',
  args: ['!', '-e', name],
  on: 'service',
})
const never = new AbortController().signal

describe('checking the health of a stack now', () => {
  it('answers each check of each service, and changes nothing', async () => {
    await using bench = await workbench()
    const stack = await bench.loadWith(file([sh('api', forever), sh('db', forever), sh('off', 'exit 0')]), {
      api: {healthCheck: probe(absent('sick')), liveness: probe(absent('dead'))},
    })
    await start(stack)
    const [api, db, ...others] = await stack.checkHealth([], never)
    assert.deepEqual(others, [])
    assert.deepEqual([api?.name, api?.verdict, api?.state], ['api', 'healthy', 'Running'])
    assert.deepEqual(
      api?.probes.map(({kind, check, ok, message}) => [kind, check, ok, message]),
      [
        ['health_check', "command 'test'", true, "command 'test' exited with code 0"],
        ['liveness', "command 'test'", true, "command 'test' exited with code 0"],
      ],
    )
    assert.ok(api.probes.every(({durationMs}) => Number.isInteger(durationMs) && durationMs >= 0))
    assert.deepEqual([db?.name, db?.verdict, db?.probes], ['db', 'unchecked', []])

    for (const name of ['sick', 'dead']) writeFileSync(path.join(bench.folder, name), '')
    const [sick] = await stack.checkHealth(['api'], never)
    assert.deepEqual([sick?.verdict, sick?.probes.map(({ok}) => ok)], ['unhealthy', [false, false]])
    assert.equal(states(stack), 'api=Running db=Running off=Stopped')
  })

  it('says of what does not run that it is down, when it is named or has failed', async () => {
    await using bench = await workbench()
    const stack = await bench.load(file([sh('api', forever), sh('bad', 'exit 3')]))
    assert.deepEqual(await stack.checkHealth([], never), [])
    await start(stack)
    const verdicts = async (...names: readonly string[]): Promise<readonly string[]> =>
      (await stack.checkHealth(names, never)).map(({name, verdict}) => `${name} ${verdict}`)
    assert.deepEqual(await verdicts(), ['api unchecked', 'bad down'])
    await stop(stack, ['api'])
    assert.deepEqual(await verdicts('api'), ['api down'])
    assert.throws(() => void stack.checkHealth(['nobody'], never), {code: 'SERVICE_UNKNOWN'})
  })
})

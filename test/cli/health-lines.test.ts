import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import {healthExit, healthLines} from '../../src/cli/health-lines.js'
import {createStyle} from '../../src/cli/style.js'
import type {ServiceHealth} from '../../src/core/contract/status.js'

const service = (
  name: string,
  verdict: ServiceHealth['verdict'],
  more: Partial<ServiceHealth> = {},
): ServiceHealth => ({
  name,
  state: 'Running',
  verdict,
  reason: null,
  probes: [],
  ...more,
})
const probe = {
  kind: 'health_check',
  check: 'tcp 127.0.0.1:1',
  ok: false,
  message: 'tcp: refused',
  durationMs: 3,
} as const

describe('healthLines', () => {
  it('shows a line for each check, and one for a service without', () => {
    const lines = healthLines(
      [
        service('api', 'unhealthy', {probes: [probe, {...probe, kind: 'liveness', ok: true, message: 'fine'}]}),
        service('db', 'unchecked'),
        service('bad', 'down', {state: 'Failed', reason: 'exit 3'}),
      ],
      createStyle(false),
    )
    assert.deepEqual(lines, [
      'SERVICE  CHECK         RESULT     TOOK  MESSAGE',
      'api      health_check  failing    3 ms  tcp: refused',
      'api      liveness      ok         3 ms  fine',
      'db                     unchecked        it has no health check',
      'bad                    down             it is Failed: exit 3',
    ])
  })
})

describe('healthExit', () => {
  it('is 0 only where something runs and nothing is amiss', () => {
    assert.equal(healthExit([service('a', 'healthy'), service('b', 'unchecked')]), 0)
    for (const verdict of ['down', 'unhealthy'] as const)
      assert.equal(healthExit([service('a', 'healthy'), service('b', verdict)]), 4)
    assert.equal(healthExit([]), 4)
  })
})

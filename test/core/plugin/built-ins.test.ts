import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import {systemClock} from '../../../src/core/base/clock.js'
import {collectPlugins} from '../../../src/core/plugin/host.js'
import {fixture, servicesFor, source} from './fixture-plugins.js'

describe('built-ins', () => {
  it('register through the hook like every plugin, and win over a user plugin', async () => {
    const load = (): Promise<unknown> => import('../../../src/hooks/register.js')
    const catalogue = await collectPlugins(
      [source('@service-harness/cli', undefined, {kind: 'core', load}), await fixture('duplicate-of-core')],
      {clock: systemClock, servicesFor},
    )
    assert.deepEqual(catalogue.names, {
      executors: ['process', 'process-attach', 'systemd', 'systemd-attach'],
      layers: ['local'],
      serviceTypes: [],
      taskTypes: ['command'],
    })
    assert.deepEqual(
      catalogue.problems.map(({code}) => code),
      ['PLUGIN_CONFLICT'],
    )
  })
})

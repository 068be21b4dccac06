import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {entryLines, registryLines} from '../../../src/cli/registry/registry-lines.js'
import {createStyle} from '../../../src/cli/style.js'
import type {RegisteredService} from '../../../src/core/contract/registry.js'
import {httpEndpoint} from '../fixtures.js'

const drawing = {style: createStyle(false), now: Date.parse('2026-01-01T00:01:05.000Z')}

const api: RegisteredService = {
  ...{stack: 'shop-1', stackName: 'shop', file: '/srv/shop/harness.yaml', service: 'api', group: 'api', replica: 1},
  ...{target: 'process', serviceType: null, network: null, state: 'Running', desired: 'up', alive: true, ready: true},
  ...{since: '2026-01-01T00:00:00.000Z', pid: 4242, container: null, host: null, endpoints: [httpEndpoint]},
  ...{
    attempts: [],
    orphan: false,
    verified: true,
    checkedAt: '2026-01-01T00:01:05.000Z',
    reason: 'its program is there',
  },
}
const lost: RegisteredService = {
  ...api,
  ...{service: 'web', alive: null, ready: false, pid: null, verified: false, checkedAt: null, endpoints: []},
  reason: 'it has not been looked for since the daemon began',
}

describe('the registry on the screen', () => {
  it('is a table that says of each entry whether it was checked, and why not', () => {
    assert.deepEqual(registryLines([api, lost], drawing), [
      'STACK  SERVICE  STATE    CHECKED  WHERE     ENDPOINTS              WHY',
      'shop   api      Running  now      pid 4242  http://127.0.0.1:4000',
      'shop   web      Running  no                                        it has not been looked for since the daemon began',
    ])
  })

  it('tells stacks of one name apart by their ids', () => {
    const lines = registryLines([api, {...api, stack: 'shop-2'}], drawing)
    assert.match(lines[1] ?? '', /^shop-1 /)
    assert.match(lines[2] ?? '', /^shop-2 /)
  })

  it('says what to type where nothing is there', () => {
    assert.match(registryLines([], drawing).join(), /registry list --all/)
  })

  it('has all of one entry, its attempts too', () => {
    const attempts = [
      ...[{attempt: 1, instance: 'one', executor: 'process', startedAt: '2026-01-01T00:00:00.000Z', current: true}],
    ]
    const checkedAt = '2026-01-01T00:01:00.000Z'
    assert.deepEqual(entryLines({...api, attempts, checkedAt, serviceType: 'web', replica: 2}, drawing), [
      'api',
      '  stack          shop (shop-1)',
      '  file           /srv/shop/harness.yaml',
      '  state          Running since 2026-01-01T00:00:00.000Z',
      '  there          yes, and ready',
      '  checked        5.0 s ago',
      '  how            its program is there',
      '  target         process, a web',
      '  where          pid 4242',
      '  replica        2 of api',
      '  endpoint http  http://127.0.0.1:4000',
      '  attempt 1      2026-01-01T00:00:00.000Z process one (the newest)',
    ])
    assert.ok(entryLines(lost, drawing).includes('  checked  not yet'))
  })
})

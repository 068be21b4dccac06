import assert from 'node:assert/strict'
import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {afterEach, beforeEach, describe, it} from 'mocha'
import {knowsStackOf, stacksAtRest, wantsServicesUp} from '../../src/cli/journal.js'
import {toJson} from '../../src/core/service/record.js'
import {systemClock} from '../../src/core/base/clock.js'
import {silentLog} from '../../src/core/base/log.js'
import {statePaths} from '../../src/core/base/state-directory.js'
import {openStore} from '../../src/core/store/open-store.js'

describe('what the state on disk wants, without a daemon', () => {
  let directory = ''
  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'harness-journal-'))
  })
  afterEach(async () => {
    await rm(directory, {recursive: true})
  })

  async function remember(...desired: readonly string[]): Promise<void> {
    await using store = await openStore({directory: statePaths(directory).store, clock: systemClock, log: silentLog})
    await store.commit(desired.map((each, index) => ({key: `service/demo/s${index}`, value: {desired: each}})))
  }

  it('is nothing where there is no state, or none that wants a service up', async () => {
    assert.equal(await wantsServicesUp(path.join(directory, 'nowhere')), false)
    await remember('down', 'down')
    assert.equal(await wantsServicesUp(directory), false)
  })

  it('is a daemon as soon as one service is wanted up', async () => {
    await remember('down', 'up')
    assert.equal(await wantsServicesUp(directory), true)
  })

  it('knows the stacks that it has seen by their files', async () => {
    {
      await using store = await openStore({directory: statePaths(directory).store, clock: systemClock, log: silentLog})
      const definition = {name: 'demo', file: '/srv/harness.yaml', directory: '/srv', services: {}, tasks: {}}
      await store.commit([
        {key: 'stack/demo-1', value: toJson({definition, removed: {services: {}, tasks: {}}, scale: {}})},
      ])
    }
    assert.equal(await knowsStackOf('/srv/harness.yaml', directory), true)
    assert.equal(await knowsStackOf('/srv/typo.yaml', directory), false)
  })

  it('lists the stacks that it has seen, each replica counted', async () => {
    assert.deepEqual(await stacksAtRest(directory), [])
    {
      await using store = await openStore({directory: statePaths(directory).store, clock: systemClock, log: silentLog})
      const services = {api: {replicas: 1}, db: {replicas: 2}, web: {replicas: 1}}
      const definition = {name: 'demo', file: '/srv/harness.yaml', environment: 'staging', services}
      await store.commit([
        {key: 'stack/demo-1', value: {definition, scale: {api: 3}}},
        {key: 'stack/shop-1', value: {definition: {...definition, name: 'shop', environment: null}}},
        {key: 'renamed/demo-1', value: 'shop-1'},
      ])
    }
    const common = {file: '/srv/harness.yaml', running: 0}
    assert.deepEqual(await stacksAtRest(directory), [
      {...common, stack: 'demo-1', name: 'demo', total: 6, environment: 'staging', renamedTo: 'shop-1'},
      {...common, stack: 'shop-1', name: 'shop', total: 4},
    ])
  })
})

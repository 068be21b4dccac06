import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import type {Json} from '../../../src/core/base/json.js'
import type {Probe} from '../../../src/core/contract/probe.js'
import type {ServiceDefinition, StackDefinition} from '../../../src/core/contract/stack.js'
import {stackDefinitions} from '../../../src/core/protocol/definitions/stack.js'
import {ServiceManager} from '../../../src/core/service/manager.js'
import {definitionHash} from '../../../src/core/service/prepare.js'
import {newServiceRecord, serviceKey} from '../../../src/core/service/record.js'
import {replicate} from '../../../src/core/stack/replicas.js'
import {catalogue} from '../config/catalogue.js'
import {edge, noRestart, shellService} from './definitions.js'
import {workbench} from './workbench.js'

const api = shellService('exec sleep 600')
const probe: Probe = {
  check: {kind: 'log', pattern: 'ready'},
  intervalMs: 1,
  startIntervalMs: 1,
  startPeriodMs: 1,
  timeoutMs: 1,
  successThreshold: 1,
  failureThreshold: 1,
}

/** For each field of a service another value than that of `api`. */
const edits: Readonly<Required<ServiceDefinition>> = {
  directory: '/srv',
  profiles: ['debug'],
  network: 'lan',
  serviceType: 'bare',
  config: {a: 1},
  target: {type: 'process', spec: {binary: 'sh', args: ['-c', 'exec sleep 601']}},
  layers: [{type: 'local', spec: {}}],
  env: {A: 'b'},
  inheritEnv: ['PATH'],
  ports: [{name: 'http', protocol: 'http', port: 0}],
  dependencies: [edge('db')],
  healthCheck: probe,
  liveness: {...probe, check: {kind: 'tcp', host: 'localhost', port: 1}},
  restart: {...noRestart, policy: 'always'},
  stopSignal: 'SIGINT',
  stopCommand: {program: 'stop', args: []},
  graceMs: 1,
  startupTimeoutMs: 1,
  minUptimeMs: 1,
  onStartTimeout: 'stop',
  successExitCodes: [0, 1],
  successSignals: ['SIGTERM'],
  replicas: 2,
  watch: [{paths: ['src'], include: [], ignore: [], debounceMs: 1, action: {kind: 'restart'}}],
  logs: {capture: 'pipe', merge: true},
}

function stackWith(edited: Partial<ServiceDefinition>): StackDefinition {
  return {name: 'demo', file: '/demo.yaml', directory: '/', services: {api: {...api, ...edited}}, tasks: {}}
}

/** A service that runs as the plain `api` was when it was started. */
async function running() {
  const bench = workbench()
  const {replicas: _replicas, ...hashed} = api
  const handle = {id: 'demo/api/1', executor: 'process', version: 1, data: {}}
  const current = {attempt: 1, instance: 'a', saved: handle, startedAt: 0, endpoints: [], hash: definitionHash(hashed)}
  const record = JSON.parse(JSON.stringify({...newServiceRecord(0), attempt: 1, current})) as Json
  await bench.store.commit([{key: serviceKey('demo', 'api'), value: record}])
  const manager = new ServiceManager({
    catalogue,
    store: bench.store,
    replicaOf: (group) => ({group, replica: 1}),
    brought: () => ({}),
    hostFor: () => bench.host,
  })
  return {
    changedBy(edited: Partial<ServiceDefinition>): boolean {
      manager.define(stackWith(edited))
      return manager.get('api').changed
    },
    async [Symbol.asyncDispose]() {
      for (const supervisor of manager.all()) await supervisor.close()
      await bench[Symbol.asyncDispose]()
    },
  }
}

const servicesOf = (edited: Partial<ServiceDefinition>): readonly string[] =>
  Object.keys(replicate(stackWith(edited), {}).definition.services)

describe('an edited service', () => {
  const fields = Object.keys(stackDefinitions.ServiceDefinition['properties'] as object)

  it('has an edit here for each of its fields', () => {
    assert.deepEqual(Object.keys(edits).sort(), [...fields].sort())
  })

  it('is seen to have changed, whatever was edited', async () => {
    await using service = await running()
    assert.equal(service.changedBy({}), false)
    for (const [field, value] of Object.entries(edits)) {
      const edited = {[field]: value}
      if (field !== 'replicas' && field !== 'profiles') assert.equal(service.changedBy(edited), true, field)
      assert.equal(service.changedBy({}), false)
    }
  })

  it('goes on as it is when only what selects it changes', async () => {
    await using service = await running()
    assert.equal(service.changedBy({profiles: edits.profiles}), false)
  })

  it('goes on as it is when others like it come', async () => {
    await using service = await running()
    assert.equal(service.changedBy({replicas: edits.replicas}), false)
    assert.deepEqual([servicesOf({}), servicesOf({replicas: edits.replicas})], [['api'], ['api', 'api-2']])
  })
})

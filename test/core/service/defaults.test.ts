import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {completeService, serviceDefaults} from '../../../src/core/service/defaults.js'
import {noRestart} from './definitions.js'

/** As a stack file gives it that says nothing of its own. */
const silent = {
  env: {},
  inheritEnv: true,
  ports: [],
  dependencies: [],
  minUptimeMs: 0,
  onStartTimeout: 'keep',
  successExitCodes: [0],
  successSignals: [],
  replicas: 1,
  watch: [],
  logs: {capture: 'file', merge: false},
  target: {type: 'process', spec: {binary: 'node'}},
} as const

describe('what a stack file leaves out', () => {
  it("comes from the service type, and beyond that is harness's own", () => {
    const brought = {
      stopSignal: 'SIGINT',
      restart: {...noRestart, policy: 'always'},
      env: {A: 'type', B: 'type'},
    } as const
    const complete = completeService({...silent, env: {B: 'file'}}, brought)
    assert.equal(complete.stopSignal, 'SIGINT')
    assert.equal(complete.restart.policy, 'always')
    assert.equal(complete.graceMs, serviceDefaults.graceMs)
    assert.equal(complete.startupTimeoutMs, 300_000)
    assert.deepEqual(complete.env, {A: 'type', B: 'file'})
  })

  it('stays as the file says where it says something', () => {
    const brought = {stopSignal: 'SIGINT', graceMs: 1, startupTimeoutMs: 1, restart: noRestart} as const
    const said = {stopSignal: 'SIGQUIT', graceMs: 0, startupTimeoutMs: 5, restart: serviceDefaults.restart} as const
    const {stopSignal, graceMs, startupTimeoutMs, restart} = completeService({...silent, ...said}, brought)
    assert.deepEqual({stopSignal, graceMs, startupTimeoutMs, restart}, said)
  })

  it('may be a health check and a liveness check of the type', () => {
    const timing = {
      intervalMs: 1,
      startIntervalMs: 1,
      startPeriodMs: 0,
      timeoutMs: 1,
      successThreshold: 1,
      failureThreshold: 1,
    }
    const probe = (port: number) => ({check: {kind: 'tcp', host: 'localhost', port}, ...timing}) as const
    const brought = {readiness: probe(1), liveness: probe(2)}
    const taken = completeService(silent, brought)
    assert.deepEqual([taken.healthCheck, taken.liveness], [probe(1), probe(2)])
    const own = completeService({...silent, healthCheck: probe(3), liveness: probe(4)}, brought)
    assert.deepEqual([own.healthCheck, own.liveness], [probe(3), probe(4)])
  })
})

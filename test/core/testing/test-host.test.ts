import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import type {RegisterHook} from '../../../src/core/contract/plugin.js'
import type {ServiceType} from '../../../src/core/contract/service-type.js'
import {actionsOf} from '../../../src/core/client/api/actions.js'
import {openTestHost} from '../../../src/testing.js'
import {chainType} from '../../support/chain-plugin.js'

const register: RegisterHook = (services) =>
  Promise.resolve({name: 'chain', serviceTypes: [chainType(services) as ServiceType]})

const listener: ServiceType = {
  type: 'listener',
  summary: 'Listens.',
  configSchema: {type: 'object'},
  defaults: (_config, {name}) => ({
    ports: [{name: 'http', protocol: 'http', port: 0}],
    env: {PORT: `\${${name}.ports.http}`},
    target: {
      type: 'process',
      spec: {
        binary: 'node',
        args: ['-e', 'require("http").createServer((_, r) => r.end("hi")).listen(process.env.PORT)'],
      },
    },
    readiness: {
      check: {
        kind: 'http',
        url: `http://127.0.0.1:\${${name}.ports.http}/`,
        method: 'GET',
        headers: {},
        expectedStatus: '200',
      },
      intervalMs: 1000,
      startIntervalMs: 50,
      startPeriodMs: 0,
      timeoutMs: 1000,
      successThreshold: 1,
      failureThreshold: 3,
    },
  }),
}

describe('a service type', () => {
  it('brings ports, and refers to those of its own service, in each of its replicas', async () => {
    await using host = await openTestHost({
      register: () => Promise.resolve({name: 'listener', serviceTypes: [listener]}),
    })
    const caller = {type: 'process', binary: 'sleep', args: ['600'], env: {URL: '${web.url}'}, dependencies: ['web']}
    const web = {service_type: 'listener', replicas: 2}
    await using stack = await host.start({services: {web, caller}})
    const texts = await Promise.all(
      ['web', 'web-2'].map(async (name) => (await fetch(stack.endpoint(name, 'http').url)).text()),
    )
    assert.deepEqual(texts, ['hi', 'hi'])
    await stack.stop()
    await using fixed = await host.start({services: {web: {service_type: 'listener', ports: {http: 0, more: 0}}}})
    const {services} = await fixed.status()
    assert.deepEqual(
      services[0]?.endpoints.map(({name}) => name),
      ['http', 'more'],
    )
  })
})

describe('actions as functions', () => {
  it('give input, hear events and messages, and answer output', async () => {
    await using host = await openTestHost({register})
    await using stack = await host.start({services: {chain: {service_type: 'chain', ports: {rpc: 0}}}})
    const chain = stack.actions('chain')
    const heard: unknown[] = []
    const output = await chain['mine']?.(
      {blocks: 2},
      {onEvent: (event) => heard.push(event), onMessage: (message) => heard.push(message)},
    )
    assert.deepEqual([output, heard], [{height: 2}, ['mining 2', {block: 1}, {block: 2}]])
    await assert.rejects(async () => chain['mine']?.({blocks: 'two'}), {code: 'ACTION_INPUT_INVALID'})
    await assert.rejects(async () => chain['dig']?.({}), {code: 'ACTION_UNKNOWN'})
    await assert.rejects(async () => chain['wait']?.({}, {timeoutMs: 50}), {code: 'ACTION_FAILED'})
    const given = new AbortController()
    const waiting = chain['wait']?.(
      {},
      {
        signal: given.signal,
        onEvent: () => {
          given.abort(new Error('enough'))
        },
      },
    )
    await assert.rejects(async () => waiting, /enough/)
  })

  it('with the same key are done once', async () => {
    await using host = await openTestHost({register})
    await using stack = await host.start({services: {chain: {service_type: 'chain', ports: {rpc: 0}}}})
    const chain = actionsOf(host.client, {stack: stack.stack, service: 'chain'})
    let mined = 0
    const mine = () =>
      chain['mine']?.(
        {blocks: 1},
        {
          requestId: 'one',
          onEvent: () => {
            mined += 1
          },
        },
      )
    assert.deepEqual([await mine(), await mine(), mined], [{height: 1}, {height: 1}, 1])
  })

  it('are no promise when they are handed around', async () => {
    await using host = await openTestHost({register})
    assert.equal(typeof (await Promise.resolve(actionsOf(host.client, {stack: 's', service: 'c'}))), 'object')
  })
})

import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import type {RegisterHook} from '../../../src/core/contract/plugin.js'
import type {ServiceType} from '../../../src/core/contract/service-type.js'
import {actionsOf} from '../../../src/core/client/api/actions.js'
import {openTestHost} from '../../../src/testing.js'
import {chainType} from '../../support/chain-plugin.js'

const register: RegisterHook = (services) =>
  Promise.resolve({name: 'chain', serviceTypes: [chainType(services) as ServiceType]})

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

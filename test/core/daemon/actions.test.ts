import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import type {ServiceType} from '../../../src/core/contract/service-type.js'
import type {Progress} from '../../../src/core/protocol/notifications.js'
import {chainType} from '../../support/chain-plugin.js'
import {servicesFor} from '../plugin/fixture-plugins.js'
import {callerEnv, kill} from '../service/workbench.js'
import {daemon as memoryDaemon} from './memory-daemon.js'

const text = `
name: demo
services:
  chain:
    service_type: own
    config: {secret: 'of \${stack.name}'}
    ports: {rpc: 0}
  plain: {type: process, binary: sleep, args: ['600']}
`

/** A daemon with the chain of the fixture plugin, which runs; and how to ask for its actions. */
async function chain() {
  const daemon = await memoryDaemon({...(chainType(servicesFor('chain')) as ServiceType), type: 'own'})
  const client = await daemon.client()
  const definition = await daemon.bench.define(text)
  const {stack} = await client.call('stack.load', {definition, requestId: 'load'})
  let asked = 0
  return {
    daemon,
    client,
    stack,
    start: (...services: readonly string[]) =>
      client.call('service.start', {stack, services, env: callerEnv, requestId: `start-${(asked += 1)}`}),
    async invoke(
      action: string,
      input: object,
      more: {signal?: AbortSignal; requestId?: string; timeoutMs?: number} = {},
    ) {
      const {signal, requestId = `invoke-${(asked += 1)}`, ...limit} = more
      const progress: Progress[] = []
      const params = {stack, service: 'chain', action, input: input as never, requestId, ...limit}
      const onProgress = (each: Progress): void => void progress.push(each)
      const {output} = await client.call('action.invoke', params, {onProgress, ...(signal && {signal})})
      return {output, said: progress.map(({id: _id, ...said}) => said)}
    },
    [Symbol.asyncDispose]: () => daemon[Symbol.asyncDispose](),
  }
}

describe('actions', () => {
  it('are listed with their schemas, by service', async () => {
    await using it = await chain()
    const {actions} = await it.client.call('action.list', {stack: it.stack})
    assert.deepEqual(
      actions.map(({service, name}) => `${service} ${name}`),
      ['chain fail', 'chain lie', 'chain look', 'chain mine', 'chain wait'],
    )
    const mine = actions.find(({name}) => name === 'mine')
    assert.equal(mine?.summary, 'Mines blocks.')
    assert.deepEqual(mine.output, {
      type: 'object',
      properties: {height: {type: 'integer'}},
      required: ['height'],
      additionalProperties: false,
    })
    assert.deepEqual(await it.client.call('action.list', {stack: it.stack, service: 'plain'}), {actions: []})
    await assert.rejects(it.client.call('action.list', {stack: it.stack, service: 'nobody'}), {code: 'SERVICE_UNKNOWN'})
  })

  it('answer with their output, and what they say comes before it', async () => {
    await using it = await chain()
    await it.start()
    const {output, said} = await it.invoke('mine', {blocks: 2})
    assert.deepEqual(output, {height: 2})
    assert.deepEqual(said, [
      {action: 'mine', message: 'mining 2'},
      {action: 'mine', event: {block: 1}},
      {action: 'mine', event: {block: 2}},
    ])
    const pascal = await it.invoke('Mine', {blocks: 1})
    assert.deepEqual(pascal.output, {height: 1})
    const seen = await it.invoke('look', {})
    assert.deepEqual(seen.output, {
      config: {secret: 'of demo'},
      directory: it.daemon.folder,
      target: 'process',
      pid: 'number',
      port: true,
    })
  })

  it('are refused where there is none, where the input does not fit, and where nothing runs', async () => {
    await using it = await chain()
    await assert.rejects(it.invoke('mine', {blocks: 1}), {code: 'SERVICE_NOT_RUNNING'})
    await it.start()
    await assert.rejects(it.invoke('dig', {}), {
      code: 'ACTION_UNKNOWN',
      reason: "service 'chain' has fail, lie, look, mine, wait",
    })
    await assert.rejects(it.invoke('toString', {}), {code: 'ACTION_UNKNOWN'})
    await assert.rejects(it.invoke('mine', {blocks: 0}), {
      code: 'ACTION_INPUT_INVALID',
      subject: 'chain mine',
      reason: '/blocks must be >= 1',
      hint: 'Run `harness action list chain` to see what it takes.',
    })
    await assert.rejects(it.invoke('mine', {}), {code: 'ACTION_INPUT_INVALID', reason: "it must have a key 'blocks'"})
  })

  it('fail with the words of who made them, and when they answer what is not their output', async () => {
    await using it = await chain()
    await it.start()
    await assert.rejects(it.invoke('fail', {}), {
      code: 'ACTION_FAILED',
      message: "Action 'chain fail' failed: no gas.",
      hint: 'Buy some.',
    })
    await assert.rejects(it.invoke('lie', {}), {
      code: 'ACTION_FAILED',
      reason: 'it answered with what is not its output: it must be object',
    })
  })

  it('end when they are taken back, when their time is over, and when their service ends', async () => {
    await using it = await chain()
    await it.start()
    const impatience = new AbortController()
    const taken = it.invoke('wait', {}, {signal: impatience.signal, requestId: 'taken'})
    impatience.abort()
    await assert.rejects(taken)
    await assert.rejects(it.invoke('wait', {}, {timeoutMs: 20}), {
      code: 'ACTION_FAILED',
      reason: 'it took longer than 20 ms',
    })
    const ended = it.invoke('wait', {})
    const [{pid} = {pid: null}] = (await it.client.call('service.status', {stack: it.stack, services: ['chain']}))
      .services
    kill(pid ?? 0)
    await assert.rejects(ended, {code: 'SERVICE_NOT_RUNNING', reason: 'it ended while the action ran'})
  })

  it('act once for one request, and what failed may be asked for again', async () => {
    await using it = await chain()
    await it.start()
    const first = await it.invoke('mine', {blocks: 3}, {requestId: 'same'})
    const again = await it.invoke('mine', {blocks: 3}, {requestId: 'same'})
    assert.deepEqual(again.output, first.output)
    assert.deepEqual([first.said.length, again.said.length], [4, 0])
    await assert.rejects(it.invoke('fail', {}, {requestId: 'failing'}), {code: 'ACTION_FAILED'})
    await assert.rejects(it.invoke('fail', {}, {requestId: 'failing'}), {code: 'ACTION_FAILED'})
  })
})

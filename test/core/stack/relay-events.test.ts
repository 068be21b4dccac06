import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import type {ProcessEvent} from '../../../src/core/contract/command.js'
import type {ServiceType} from '../../../src/core/contract/service-type.js'
import {eventually} from '../process/temporary.js'
import {file, sh, start, workbench} from './workbench.js'

const speaker = (processEvent: (event: ProcessEvent) => never): Partial<ServiceType> => ({
  event: {type: 'object', properties: {block: {type: 'integer'}}, required: ['block']},
  processEvent,
})

async function spoken(processEvent: (event: ProcessEvent) => unknown, script: string) {
  const bench = await workbench()
  await bench.withServiceType(speaker(processEvent as never))
  const stack = await bench.load(file([sh('node', script, 'service_type: own')]))
  await start(stack)
  const events = () => bench.events.flatMap((event) => (event.topic === 'service.event' ? [event] : []))
  return {bench, stack, events}
}

describe('the events of a service type', () => {
  it('are made of lines and the end, and streamed', async () => {
    const {bench, stack, events} = await spoken((event) => {
      if (event.kind === 'exited') return {block: -1}
      const [, block] = event.kind === 'line' ? (/^mined (\d+)$/.exec(event.text) ?? []) : []
      return block === undefined ? undefined : {block: Number(block)}
    }, 'echo hello; echo mined 7; sleep 0.2; echo mined 8 >&2; exec sleep 600')
    await using _bench = bench
    await eventually(() => events().length === 2)
    await stack.stop({services: [], dependents: 'stop'})
    await eventually(() => events().length === 3)
    assert.deepEqual(
      events().map(({service, event}) => [service, event]),
      [
        ['node', {block: 7}],
        ['node', {block: 8}],
        ['node', {block: -1}],
      ],
    )
  })

  it('that do not fit the schema are dropped, with one warning', async () => {
    const {bench, events} = await spoken(
      (event) => (event.kind === 'line' ? {block: event.text === 'right' ? 1 : event.text} : undefined),
      'echo wrong; echo wrong; echo right; exec sleep 600',
    )
    await using _bench = bench
    await eventually(() => events().length === 1)
    assert.deepEqual(events()[0]?.event, {block: 1})
    assert.equal(bench.troubles.filter((trouble) => /such events are dropped/.test(JSON.stringify(trouble))).length, 1)
  })

  it('come to an end when the type throws, and the service goes on', async () => {
    const {bench, stack, events} = await spoken(() => {
      throw new Error('cannot parse')
    }, 'echo one; echo two; exec sleep 600')
    await using _bench = bench
    await eventually(() => bench.troubles.some((trouble) => /heard no more/.test(JSON.stringify(trouble))))
    assert.equal(stack.status([]).services[0]?.state, 'Running')
    assert.deepEqual(events(), [])
  })
})

import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {openTestHost, scriptedExecutor, ScriptedWorkload} from '../../../src/testing.js'

describe('a scripted executor', () => {
  it('finds its workload again under its own kind, also with another daemon', async () => {
    const workload = new ScriptedWorkload()
    const register = () => Promise.resolve({name: 'none'})
    await using host = await openTestHost({register, executors: [scriptedExecutor(() => workload, 'scripted')]})
    await using stack = await host.start({services: {api: {target: {type: 'scripted'}}}})
    await host.restart()
    const {services} = await stack.status()
    assert.deepEqual(
      services.map(({state, reachability}) => ({state, reachability})),
      [{state: 'Running', reachability: 'known'}],
    )
  })
})

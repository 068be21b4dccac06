import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import register from '../../../../plugins/graph/src/register.js'
import {openTestHost} from '../../../../src/testing.js'

const hash = 'QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o'

describe('ipfs whose program is there and does not answer', () => {
  it('says so of each action', async () => {
    await using host = await openTestHost({register})
    const target = {type: 'process', binary: process.execPath, args: ['-e', 'setInterval(() => {}, 1000)']}
    await using stack = await host.start({
      services: {ipfs: {service_type: 'ipfs', ports: {api: 0}, target, health_check: {command: 'true'}}},
    })
    const inputs = {add: {content: 'a'}, cat: {hash}, 'list-pins': {}, pin: {hash}, unpin: {hash}, version: {}}
    const {actions} = await host.client.action.list({stack: stack.stack, service: 'ipfs'})
    assert.deepEqual(actions.map(({name}) => name).sort(), Object.keys(inputs))
    for (const [action, input] of Object.entries(inputs))
      await assert.rejects(host.client.action.invoke({stack: stack.stack, service: 'ipfs', action, input}), {
        code: 'ACTION_FAILED',
        message: /IPFS cannot be reached at http:\S+ .*ECONNREFUSED/,
      })
  })
})

import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import {loadStack} from '../../../src/core/config/load-stack.js'
import {stackVariables} from '../../../src/core/stack/stack-variables.js'

const text = `
name: demo
secrets: {db: {env: DB_PASSWORD}}
services:
  api:
    type: process
    binary: sleep
    env: {LEVEL: '\${LOG_LEVEL:-info}', WHO: '\${WHO}', DB: '\${secret.db}'}
`

async function loaded() {
  const env = {WHO: 'me', DB_PASSWORD: 'hunter22', HOME: '/home/me'}
  const {definition} = await loadStack({cwd: '/', files: ['-'], env, stdin: () => Promise.resolve(text)})
  return definition
}

describe('the variables of a stack', () => {
  it('are those that its files refer to, and none that holds a secret is told', async () => {
    const definition = await loaded()
    assert.deepEqual(stackVariables(definition, []), [
      {name: 'DB_PASSWORD', value: null, secret: true},
      {name: 'LOG_LEVEL', value: null, secret: false},
      {name: 'WHO', value: 'me', secret: false},
    ])
    assert.ok(!JSON.stringify(definition).includes('hunter22'))
  })

  it('are answered by name, and nothing else of the environment is', async () => {
    const definition = await loaded()
    assert.deepEqual(stackVariables(definition, ['WHO']), [{name: 'WHO', value: 'me', secret: false}])
    assert.throws(() => stackVariables(definition, ['HOME']), {
      code: 'REQUEST_INVALID',
      reason: "the files of stack 'demo' do not refer to this variable",
    })
  })
})

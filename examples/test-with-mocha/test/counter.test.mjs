import assert from 'node:assert/strict'
import {startStack} from '@service-harness/cli'

// In TypeScript, and in runners that compile, `await using stack = await startStack('harness.yaml')` in a test needs no hook.
describe('the counter', () => {
  let stack

  before(async () => {
    stack = await startStack('harness.yaml')
  })

  after(() => stack?.stop())

  const count = () => fetch(`${stack.endpoint('api').url}/count`, {method: 'POST'})

  it('counts', async () => {
    assert.equal(await (await count()).text(), '1')
    assert.equal(await (await count()).text(), '2')
  })

  it('says so when its store is away, and counts again when it is back', async () => {
    const {client} = stack
    await client.service.stop({stack: stack.stack, services: ['store'], dependents: 'leave'})
    assert.equal((await count()).status, 503)
    await client.service.start({stack: stack.stack, services: ['store']})
    assert.equal(await (await count()).text(), '1')
  })

  it('logs what went wrong', async () => {
    const lines = []
    for await (const {text} of stack.logs({services: ['api']})) lines.push(text)
    assert.match(lines.join('\n'), /the store does not answer/)
  })
})

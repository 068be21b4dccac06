import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {Sandbox} from '../support/harness.js'

describe('harness forget', function () {
  this.timeout(60_000)

  it('takes a stack that has been stopped out of the list, and refuses one that runs', async () => {
    await using sandbox = await Sandbox.make()
    sandbox.variables = {SECONDS: '1000'}
    await sandbox.write("name: shop\nservices: {api: {type: process, binary: sleep, args: ['${SECONDS}']}}\n")
    assert.equal((await sandbox.run('start')).code, 0)
    const variables = await sandbox.run('env', 'get', '--stack', 'shop')
    assert.match(variables.stdout, /^SECONDS +daemon +1000$/m, variables.stderr)
    const refused = await sandbox.run('forget')
    assert.equal(refused.code, 2)
    assert.match(refused.stderr, /Stack 'shop' is in use: api is Running\.\n +Run `harness stop --stack shop` first\./)
    assert.equal((await sandbox.run('stop')).code, 0)
    const forgotten = await sandbox.run('forget')
    assert.deepEqual([forgotten.code, forgotten.stdout.startsWith('Forgot shop (')], [0, true], forgotten.stderr)
    assert.deepEqual(await sandbox.json('ls'), {stacks: []})
    assert.equal((await sandbox.run('forget')).code, 2)
  })
})

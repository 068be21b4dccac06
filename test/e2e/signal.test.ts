import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {Sandbox, until} from '../support/harness.js'

const stackFile = `name: signals
services:
  api:
    type: process
    binary: sh
    args: [-c, 'trap "echo again" HUP; echo ready; while :; do sleep 0.05; done']
`

describe('harness signal', function () {
  this.timeout(60_000)

  it('sends a signal to a service, and says what stands in the way of one', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(stackFile)
    const early = await sandbox.run('signal', 'api', 'HUP')
    assert.equal(early.code, 4)
    assert.match(early.stderr, /Service 'api' does not run: Nothing is running\.\n {2}Run `harness start api`\./)
    assert.equal((await sandbox.run('start')).code, 0)
    const says = async (text: string): Promise<boolean> => (await sandbox.run('logs', 'api')).stdout.includes(text)
    await until(() => says('ready'), 'it is ready')
    const sent = await sandbox.run('signal', 'api', 'hup')
    assert.deepEqual([sent.code, sent.stdout], [0, 'Sent SIGHUP to api.\n'], sent.stderr)
    await until(() => says('again'), 'it had the signal')
    assert.deepEqual(await sandbox.json('signal', 'api', '1', '--json'), {
      service: 'api',
      signal: 'SIGHUP',
      signalled: ['api'],
    })
    const wrong = await sandbox.run('signal', 'api', 'TREM')
    assert.equal(wrong.code, 2)
    assert.match(wrong.stderr, /'TREM' cannot be used like this: it is no signal.*\n {2}Did you mean 'TERM'\?/)
    assert.equal((await sandbox.run('signal', 'apo', 'HUP')).code, 2)
    await sandbox.run('stop')
  })
})

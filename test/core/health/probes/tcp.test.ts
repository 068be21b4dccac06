import assert from 'node:assert/strict'
import {once} from 'node:events'
import {type AddressInfo, createServer} from 'node:net'
import {describe, it} from 'mocha'

import {probeTcp} from '../../../../src/core/health/probes/tcp.js'

const never = new AbortController().signal

describe('tcp probe', () => {
  it('takes a port that accepts, and refuses it once it is closed', async () => {
    const server = createServer((socket) => socket.on('error', () => undefined).resume()).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const {port} = server.address() as AddressInfo
    const check = {kind: 'tcp', host: '127.0.0.1', port: String(port)} as const
    assert.deepEqual(await probeTcp(check, never), {ok: true, message: `tcp 127.0.0.1:${port} accepts connections`})
    await new Promise((resolve) => server.close(resolve))
    assert.deepEqual(await probeTcp(check, never), {ok: false, message: `tcp 127.0.0.1:${port}: connection refused`})
  })

  it('refuses what is no port', async () => {
    const result = await probeTcp({kind: 'tcp', host: 'localhost', port: '${db.port}'}, never)
    assert.deepEqual(result, {ok: false, message: 'tcp localhost:${db.port}: expected a port from 1 to 65535'})
  })

  it('ends at once with the reason when it is aborted', async () => {
    const controller = new AbortController()
    const result = probeTcp({kind: 'tcp', host: '192.0.2.1', port: 9}, controller.signal)
    controller.abort(new Error('stopped'))
    await assert.rejects(result, {message: 'stopped'})
  })
})

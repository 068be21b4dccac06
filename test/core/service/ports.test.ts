import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import {endpointUrl, reservePorts} from '../../../src/core/service/ports.js'
import {listener} from './listener.js'

const web = {name: 'web', protocol: 'http'} as const
const admin = {name: 'admin', protocol: 'tcp'} as const

describe('reservePorts', () => {
  it('allocates a port for 0, holds it until disposed of, and takes the same one again', async () => {
    const first = await reservePorts([{...web, port: 0}], {})
    const port = first.allocated['web'] ?? 0
    assert.ok(port > 0)
    assert.deepEqual(first.endpoints, [{...web, host: '127.0.0.1', port}])
    await assert.rejects(listener(port), {code: 'EADDRINUSE'})
    await first[Symbol.asyncDispose]()
    await using again = await reservePorts([{...web, port: 0}], {web: port})
    assert.equal(again.allocated['web'], port)
  })

  it('gives different ports to services that are prepared at the same time', async () => {
    const all = await Promise.all(
      Array.from({length: 20}, () =>
        reservePorts(
          [
            {...web, port: 0},
            {...admin, port: 0},
          ],
          {},
        ),
      ),
    )
    const ports = all.flatMap(({endpoints}) => endpoints.map(({port}) => port))
    for (const reserved of all) await reserved[Symbol.asyncDispose]()
    assert.equal(new Set(ports).size, 40)
  })

  it('takes another port when the kept one is taken', async () => {
    await using other = await listener()
    await using reserved = await reservePorts([{...web, port: 0}], {web: other.port})
    assert.notEqual(reserved.allocated['web'], other.port)
  })

  it('refuses a fixed port that is in use, and lets go of the others', async () => {
    await using other = await listener()
    const free = await listener()
    await free[Symbol.asyncDispose]()
    const ports = [
      {...web, port: free.port},
      {...admin, port: other.port},
    ]
    await assert.rejects(reservePorts(ports, {}), {code: 'PORT_BUSY', subject: String(other.port)})
    await using _after = await listener(free.port)
  })

  it('does not keep a fixed port among the allocated ones, and knows the port inside a container', async () => {
    const free = await listener()
    await free[Symbol.asyncDispose]()
    await using reserved = await reservePorts([{...web, port: free.port, container: 80}], {})
    assert.deepEqual(reserved.allocated, {})
    assert.equal(reserved.endpoints[0]?.containerPort, 80)
    assert.equal(endpointUrl(reserved.endpoints[0]), `http://127.0.0.1:${free.port}`)
  })
})

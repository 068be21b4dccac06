import assert from 'node:assert/strict'
import {once} from 'node:events'
import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {tmpdir} from 'node:os'
import {describe, it} from 'mocha'
import {askGraphql} from '../../../../plugins/graph/src/graph-node/graphql.js'
import {IpfsClient} from '../../../../plugins/graph/src/ipfs/client.js'
import {testServices} from '../../../../src/testing.js'

describe('graph-node and IPFS that go away in the middle of an answer', () => {
  it('are one clear error', async () => {
    const server = createServer((request, response) => {
      request.resume().on('end', () => {
        response.writeHead(200, {'content-length': '100'})
        response.write('{"data"', () => response.destroy())
      })
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const wire = {services: testServices(tmpdir()), signal: new AbortController().signal}
    await assert.rejects(askGraphql({what: 'graph-node', url}, {query: '{a}', variables: {}}, wire), {
      code: 'ACTION_FAILED',
      message: /graph-node .*its answer broke off: \S/,
    })
    await assert.rejects(new IpfsClient(url, wire).addFile('a', Buffer.from('a')), {
      code: 'ACTION_FAILED',
      message: /the answer of IPFS at \S+ to add has broken off/,
    })
    server.close()
  })
})

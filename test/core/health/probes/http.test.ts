import assert from 'node:assert/strict'
import {createServer, type RequestListener, type Server} from 'node:http'
import type {connect} from 'node:net'
import {type AddressInfo} from 'node:net'
import {once} from 'node:events'
import {afterEach, describe, it} from 'mocha'

import type {ProbeCheck} from '../../../../src/core/contract/probe.js'
import {probeHttp, shownUrl} from '../../../../src/core/health/probes/http.js'

type HttpCheck = Extract<ProbeCheck, {kind: 'http'}>

const never = new AbortController().signal
const servers: Server[] = []

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/health`
}

function checkOf(url: string, changes: Partial<HttpCheck> = {}): HttpCheck {
  return {kind: 'http', url, method: 'GET', headers: {}, expectedStatus: '200-299', ...changes}
}

describe('http probe', () => {
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections()
      server.close()
    }
  })

  it('takes an expected status', async () => {
    const url = await serve((_, response) => response.writeHead(204).end())
    assert.deepEqual(await probeHttp(checkOf(url), never), {ok: true, message: `http 204 from ${url}`})
  })

  it('names the address, the status and what was expected', async () => {
    const url = await serve((_, response) => response.writeHead(503).end('starting'))
    assert.deepEqual(await probeHttp(checkOf(url), never), {
      ok: false,
      message: `http 503 from ${url}, expected 200-299`,
    })
  })

  it('sends the method and the headers', async () => {
    const seen: string[] = []
    const url = await serve((request, response) => {
      seen.push(`${request.method ?? ''} ${request.url ?? ''} ${String(request.headers['x-token'])}`)
      response.end()
    })
    await probeHttp(checkOf(url, {method: 'HEAD', headers: {'X-Token': 'abc'}}), never)
    assert.deepEqual(seen, ['HEAD /health abc'])
  })

  it('follows no redirect, and takes one that is expected', async () => {
    let asked = 0
    const url = await serve((_, response) => {
      asked += 1
      response.writeHead(302, {location: '/elsewhere'}).end()
    })
    assert.equal((await probeHttp(checkOf(url), never)).message, `http 302 from ${url}, expected 200-299`)
    assert.equal((await probeHttp(checkOf(url, {expectedStatus: '302'}), never)).ok, true)
    assert.equal(asked, 2)
  })

  it('looks for text in the body, also across chunks', async () => {
    const url = await serve((_, response) => {
      response.write('status: hea')
      setImmediate(() => response.end('lthy ✓'))
    })
    assert.equal((await probeHttp(checkOf(url, {expectedBody: 'healthy ✓'}), never)).ok, true)
    assert.equal(
      (await probeHttp(checkOf(url, {expectedBody: 'syncing'}), never)).message,
      `http 200 from ${url}, expected a body that contains 'syncing'`,
    )
  })

  it('reads 64 KiB of the body and no more', async () => {
    const url = await serve((_, response) => {
      response.write('x'.repeat(64 * 1024))
      response.write('needle')
    })
    assert.equal((await probeHttp(checkOf(url, {expectedBody: 'needle'}), never)).ok, false)
  })

  it('does not wait for a body that goes on for ever', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200)
      response.write('event: hello\n\n')
    })
    assert.equal((await probeHttp(checkOf(url), never)).ok, true)
  })

  it('says that nobody listens', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const {port} = server.address() as AddressInfo
    await new Promise((resolve) => server.close(resolve))
    assert.deepEqual(await probeHttp(checkOf(`http://localhost:${port}/`), never), {
      ok: false,
      message: `http GET http://localhost:${port}/: connection refused`,
    })
  })

  it('says that the other side is no web server', async () => {
    const url = await serve((request) => request.socket.end('garbage\r\n\r\n'))
    const result = await probeHttp(checkOf(url), never)
    assert.equal(result.ok, false)
    assert.match(result.message, /^http GET http:\/\/127\.0\.0\.1:\d+\/health: Parse Error/)
  })

  it('ends at once with the reason when it is aborted, and leaves no connection', async () => {
    const url = await serve(() => undefined)
    const server = servers[0]!
    const controller = new AbortController()
    const result = probeHttp(checkOf(url), controller.signal)
    const [socket] = (await once(server, 'connection')) as [ReturnType<typeof connect>]
    const closed = once(socket, 'close')
    controller.abort(new Error('stopped'))
    await assert.rejects(result, {message: 'stopped'})
    await closed
  })

  it('shows no credentials', async () => {
    const url = await serve((request, response) => {
      response.writeHead(request.headers.authorization === undefined ? 401 : 500).end()
    })
    const result = await probeHttp(checkOf(url.replace('//', '//admin:hunter2@')), never)
    assert.equal(result.message, `http 500 from ${url}, expected 200-299`)
    assert.equal(shownUrl('http://admin:hunter2@db/x'), 'http://db/x')
  })

  it('shows that there is a query, and not what is in it', async () => {
    const url = await serve((request, response) => {
      response.writeHead(request.url === '/health?token=abc' ? 500 : 404).end()
    })
    const result = await probeHttp(checkOf(`${url}?token=abc`), never)
    assert.equal(result.message, `http 500 from ${url}?…, expected 200-299`)
    assert.equal(shownUrl('https://db/x?token=abc#part'), 'https://db/x?…')
    assert.equal(shownUrl('not a url?token=abc'), 'not a url?…')
  })

  for (const url of ['localhost:8080', 'ftp://example.com/', 'http://']) {
    it(`does not ask '${url}'`, async () => {
      assert.deepEqual(await probeHttp(checkOf(url), never), {
        ok: false,
        message: `http cannot ask '${url}', expected a URL that starts with http:// or https://`,
      })
    })
  }
})

import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import {createLog, type Log} from '../../../src/core/base/log.js'
import {systemClock} from '../../../src/core/base/clock.js'
import {ask, ways, type Way} from './raw-upgrade.js'
import {startTinyDaemon, type TinyDaemon} from './tiny-daemon.js'

const text = '# the page\n'

async function withPage(log?: Log): Promise<TinyDaemon & {readonly made: () => number}> {
  let made = 0
  const daemon = await startTinyDaemon({
    ...(log && {log}),
    pages: {
      '/metrics': () => {
        made += 1
        return Promise.resolve({contentType: 'text/plain', text})
      },
      '/broken': () => Promise.reject(new Error('no ink')),
    },
  })
  return {...daemon, made: () => made}
}

type Headers = Readonly<Record<string, string | undefined>>

const request = (daemon: TinyDaemon, way: Way, first: string, changes: Headers = {}): readonly string[] => {
  const headers: Headers = {
    Host: way === 'unix' ? 'localhost' : `127.0.0.1:${daemon.port}`,
    Authorization: `Bearer ${daemon.identity.token}`,
    ...changes,
  }
  const lines = Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]))
  return [first, ...lines]
}

const get = 'GET /metrics HTTP/1.1'

describe('pages', () => {
  for (const way of ways) {
    it(`are given to whoever shows the token, and to nobody else (${way})`, async () => {
      await using daemon = await withPage()
      const page = await ask(daemon, way, request(daemon, way, get))
      assert.deepEqual(page, {status: 200, body: text.length, open: false})
      const refused: readonly (readonly [number, string, Headers])[] = [
        [401, get, {Authorization: undefined}],
        [401, get, {Authorization: 'Bearer wrong'}],
        [401, get, {Authorization: `Basic ${daemon.identity.token}`}],
        [403, get, {Origin: 'https://evil.example'}],
        [403, get, {Host: 'evil.example'}],
        [404, 'POST /metrics HTTP/1.1', {}],
        [404, 'GET /metrics?token=x HTTP/1.1', {}],
        [404, 'GET /metrics/ HTTP/1.1', {}],
        [404, 'GET /toString HTTP/1.1', {}],
        [404, 'GET /elsewhere HTTP/1.1', {Authorization: undefined}],
        [426, 'GET / HTTP/1.1', {}],
      ]
      for (const [status, first, headers] of refused) {
        const answer = await ask(daemon, way, request(daemon, way, first, headers))
        assert.deepEqual(answer, {status, body: 0, open: false}, `${first} ${JSON.stringify(headers)}`)
      }
      assert.equal(daemon.made(), 1)
    })
  }

  it('that cannot be made say nothing of why, but to the log', async () => {
    const lines: string[] = []
    await using daemon = await withPage(
      createLog({clock: systemClock, level: 'debug', write: (line) => lines.push(line)}),
    )
    const answer = await ask(daemon, 'unix', request(daemon, 'unix', 'GET /broken HTTP/1.1'))
    assert.deepEqual(answer, {status: 500, body: 0, open: false})
    assert.ok(lines.some((line) => line.includes('no ink')))
    assert.ok(lines.every((line) => !line.includes(daemon.identity.token)))
  })
})

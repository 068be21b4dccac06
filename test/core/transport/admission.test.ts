import {strict as assert} from 'node:assert'
import {describe, it} from 'mocha'
import {systemClock} from '../../../src/core/base/clock.js'
import type {Log} from '../../../src/core/base/log.js'
import {createBadTokenDelay} from '../../../src/core/transport/bad-token-delay.js'
import {createFakeClock} from './fake-clock.js'
import {ask, upgradeRequest, ways} from './raw-upgrade.js'
import {startTinyDaemon} from './tiny-daemon.js'

const wrong = 'f'.repeat(64)

/** S1: how a token can be shown, and the status that each gets. */
const tokens: Readonly<
  Record<string, {readonly headers: (token: string) => object; readonly line?: string; readonly status: number}>
> = {
  'the right token': {headers: () => ({}), status: 101},
  'the right token, scheme in lower case': {headers: (token) => ({Authorization: `bearer ${token}`}), status: 101},
  'no Authorization': {headers: () => ({Authorization: undefined}), status: 401},
  'an empty Authorization': {headers: () => ({Authorization: ''}), status: 401},
  'Bearer without a token': {headers: () => ({Authorization: 'Bearer '}), status: 401},
  'a wrong token': {headers: () => ({Authorization: `Bearer ${wrong}`}), status: 401},
  'the token without its last digit': {
    headers: (token) => ({Authorization: `Bearer ${token.slice(0, -1)}`}),
    status: 401,
  },
  'the token with one digit more': {headers: (token) => ({Authorization: `Bearer ${token}0`}), status: 401},
  'the token in upper case': {headers: (token) => ({Authorization: `Bearer ${token.toUpperCase()}`}), status: 401},
  'the bare token': {headers: (token) => ({Authorization: token}), status: 401},
  'Basic instead of Bearer': {headers: (token) => ({Authorization: `Basic ${btoa(`x:${token}`)}`}), status: 401},
  'two Authorization headers': {
    headers: (token) => ({Authorization: [`Bearer ${wrong}`, `Bearer ${token}`]}),
    status: 401,
  },
  'the right one first, then another': {
    headers: (token) => ({Authorization: [`Bearer ${token}`, `Bearer ${wrong}`]}),
    status: 401,
  },
  'the token in a cookie': {headers: (token) => ({Authorization: undefined, Cookie: `token=${token}`}), status: 401},
  'the token as a subprotocol': {
    headers: (token) => ({Authorization: undefined, 'Sec-WebSocket-Protocol': token}),
    status: 401,
  },
  'the token in another header': {headers: (token) => ({Authorization: undefined, 'X-Token': token}), status: 401},
  'a token in the URL': {headers: () => ({Authorization: undefined}), line: 'GET /?token=abc HTTP/1.1', status: 404},
  'another path': {headers: () => ({}), line: 'GET /rpc HTTP/1.1', status: 404},
  'no upgrade at all': {headers: () => ({Upgrade: undefined, Connection: 'close'}), status: 426},
}

/** S2: who a browser says it is, or what a name was rebound to. */
const strangers: Readonly<Record<string, (port: number) => object>> = {
  'Origin of a page': () => ({Origin: 'https://evil.example'}),
  'Origin null': () => ({Origin: 'null'}),
  'Origin of ourselves': (port) => ({Origin: `https://127.0.0.1:${port}`}),
  'empty Origin': () => ({Origin: ''}),
  'Origin equal to a foreign Host': (port) => ({Origin: `http://evil.example:${port}`, Host: `evil.example:${port}`}),
  'foreign Host': (port) => ({Host: `evil.example:${port}`}),
  'Host with another port': () => ({Host: '127.0.0.1:1'}),
  'Host that begins like ours': (port) => ({Host: `127.0.0.1.evil.example:${port}`}),
  'Host with a user': (port) => ({Host: `localhost@evil.example:${port}`}),
  'no Host': () => ({Host: undefined}),
  'two Hosts': (port) => ({Host: ['localhost', `127.0.0.1:${port}`]}),
}

for (const way of ways) {
  describe(`admission by ${way}`, () => {
    for (const [title, {headers, line, status}] of Object.entries(tokens)) {
      it(`answers ${status} to ${title}, and says nothing of the daemon`, async () => {
        await using daemon = await startTinyDaemon()
        const changes = headers(daemon.identity.token) as Record<string, string>
        const answer = await ask(daemon, way, upgradeRequest(daemon, way, changes, line))
        assert.deepEqual(answer, {status, body: 0, open: status === 101})
        assert.equal(daemon.connections.length, status === 101 ? 1 : 0)
      })
    }

    for (const [title, headers] of Object.entries(strangers)) {
      it(`refuses ${title}, also with the right token`, async () => {
        await using daemon = await startTinyDaemon()
        const changes = headers(daemon.port) as Record<string, string>
        const {status, body} = await ask(daemon, way, upgradeRequest(daemon, way, changes))
        assert.ok(status === 403 || status === 400, `got ${status}`)
        assert.equal(body, 0)
        assert.equal(daemon.connections.length, 0)
      })
    }
  })
}

describe('admission', () => {
  it('accepts each name of loopback at the TLS port', async () => {
    await using daemon = await startTinyDaemon()
    for (const name of ['127.0.0.1', 'localhost', 'LOCALHOST', '[::1]']) {
      const answer = await ask(daemon, 'tcp', upgradeRequest(daemon, 'tcp', {Host: `${name}:${daemon.port}`}))
      assert.equal(answer.status, 101, name)
    }
  })

  it('lets a right token in at once while bad ones of the same address are held back, and logs no token', async () => {
    const lines: string[] = []
    const write = (message: string, fields?: object): void => void lines.push(JSON.stringify({message, fields}))
    const log: Log = {debug: write, info: write, warn: write, error: write, with: () => log}
    await using daemon = await startTinyDaemon({log})
    const guess = (): Promise<unknown> =>
      ask(daemon, 'tcp', upgradeRequest(daemon, 'tcp', {Authorization: `Bearer ${wrong}`}))
    const guesses = Promise.all(Array.from({length: 8}, guess))
    await guess()
    const begun = systemClock.monotonic()
    const answer = await ask(daemon, 'tcp', upgradeRequest(daemon, 'tcp'))
    assert.equal(answer.status, 101)
    assert.ok(systemClock.monotonic() - begun < 500)
    await guesses
    assert.ok(lines.length >= 9)
    assert.ok(!lines.some((line) => line.includes(wrong) || line.includes(daemon.identity.token)))
  })

  it('holds back the refusals of one peer longer and longer, forgets after a minute, and leaves other peers alone', () => {
    const clock = createFakeClock()
    const delayOf = createBadTokenDelay(clock)
    assert.deepEqual(
      Array.from({length: 10}, () => delayOf('a')),
      [0, 0, 0, 50, 100, 200, 400, 800, 1000, 1000],
    )
    assert.equal(delayOf('b'), 0)
    clock.advance(60_000)
    assert.equal(delayOf('a'), 0)
  })
})

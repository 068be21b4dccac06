import assert from 'node:assert/strict'
import {randomBytes} from 'node:crypto'
import {readFile} from 'node:fs/promises'
import type {IncomingMessage} from 'node:http'
import {describe, it} from 'mocha'
import {systemClock} from '../../src/core/base/clock.js'
import {refusalOf} from '../../src/core/transport/admission.js'
import {openRaw} from '../core/transport/raw-client.js'
import {ask, upgradeRequest, ways} from '../core/transport/raw-upgrade.js'
import {Sandbox} from '../support/harness.js'
import {startRealDaemon, type RealDaemon} from './support/real-daemon.js'
import {measured, percentile, size} from './support/sizes.js'

const guesses = size({quick: 200, full: 1000})
const atOnce = 100

describe(`${guesses} bad tokens`, function () {
  this.timeout(120_000)

  for (const way of ways) {
    it(`by ${way} are all refused, hold nobody else up, and stand in no log (S3)`, async () => {
      await using sandbox = await Sandbox.make()
      const daemon = await startRealDaemon(sandbox)
      await using client = await openRaw(daemon)
      await client.initialize()
      const tokens = Array.from({length: guesses}, () => randomBytes(32).toString('hex'))
      const answers: unknown[] = []
      const left = [...tokens]
      const guesser = async (): Promise<void> => {
        for (let token = left.pop(); token !== undefined; token = left.pop()) {
          answers.push(await ask(daemon, way, upgradeRequest(daemon, way, {Authorization: `Bearer ${token}`})))
        }
      }
      const began = systemClock.monotonic()
      const guessing = Promise.all(Array.from({length: atOnce}, guesser))
      const latencies = {status: [] as number[], welcome: [] as number[]}
      for (let id = 2; answers.length < guesses; id += 1) {
        latencies.status.push(await timed(() => client.request(id, 'daemon.info')))
        latencies.welcome.push(await timed(() => comesIn(daemon)))
      }
      await guessing
      const took = systemClock.monotonic() - began
      for (const answer of answers) assert.deepEqual(answer, {status: 401, body: 0, open: false})
      assert.equal(answers.length, guesses)
      // Three go free; the others are held back, up to a second each, however many there are at once.
      assert.ok(took > 1000, `they took ${took} ms`)
      measured('status of another client', inMs(latencies.status))
      measured('a right token from the same address', inMs(latencies.welcome))

      const written = (await daemon.log()) + (await readFile(`/proc/${daemon.pid}/cmdline`, 'utf8'))
      assert.ok(written.includes('"status":401'))
      for (const token of [...tokens, daemon.identity.token]) {
        assert.ok(!written.includes(token.slice(0, 16)), 'a token stands in the log')
      }
    })
  }

  it('are compared in a time that tells nothing of the right one', () => {
    const token = randomBytes(32).toString('hex')
    const other = token.startsWith('0') ? '1' : '0'
    const kinds = {
      'wrong from the first digit on': other + token.slice(1),
      'wrong in the last digit': token.slice(0, -1) + (token.endsWith('0') ? '1' : '0'),
      'a digit too short': token.slice(0, -1),
    }
    const times = Object.entries(kinds).map(([name, shown]) => [name, comparisons(token, shown)] as const)
    for (const [name, ns] of times) measured(`${name}, median`, `${ns} ns`)
  })
})

async function timed(act: () => Promise<unknown>): Promise<number> {
  const began = systemClock.monotonic()
  await act()
  return systemClock.monotonic() - began
}

async function comesIn(daemon: RealDaemon): Promise<void> {
  assert.equal((await ask(daemon, 'tcp', upgradeRequest(daemon, 'tcp'))).status, 101)
}

function inMs(values: readonly number[]): string {
  return `median ${percentile(values, 0.5).toFixed(1)} ms, p99 ${percentile(values, 0.99).toFixed(1)} ms of ${values.length}`
}

function comparisons(token: string, shown: string): number {
  const headersDistinct = {host: ['localhost'], authorization: [`Bearer ${shown}`]}
  const request = {headersDistinct, url: '/'} as unknown as IncomingMessage
  const times: number[] = []
  for (let round = 0; round < 5000; round += 1) {
    const began = process.hrtime.bigint()
    assert.equal(refusalOf(request, {token, hosts: ['localhost']})?.status, 401)
    times.push(Number(process.hrtime.bigint() - began))
  }
  return percentile(times, 0.5)
}

import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {systemClock} from '../../src/core/base/clock.js'
import type {Failpoint} from '../../src/core/base/failpoint.js'
import {silentLog} from '../../src/core/base/log.js'
import {statePaths} from '../../src/core/base/state-directory.js'
import type {Client} from '../../src/core/client/client.js'
import {openStore} from '../../src/core/store/open-store.js'
import {isAlive, Sandbox, until} from '../support/harness.js'
import {kill9, killDaemonOf, openClient} from './support/daemon.js'
import {MarkedStack} from './support/marked-stack.js'
import {printedRandom, size} from './support/sizes.js'

const rounds = size({quick: 1, full: 10})
const services = 10

/** What the daemon is doing when it dies. */
interface Scene {
  readonly point: Failpoint
  readonly doing: 'exit' | 'recovery' | 'start' | 'stop'
  /** It dies at one of so many passages. @default 1 */
  readonly passages?: number
  /** How many services are wanted afterwards. Where it says nothing the wish may have been journalled or not. */
  readonly wanted?: number
  /** So many commits away from a snapshot. */
  readonly beforeSnapshot?: number
}

const scenes: readonly Scene[] = [
  {point: 'mid-commit', doing: 'start', passages: 3},
  {point: 'after-wish', doing: 'start', wanted: services},
  {point: 'after-intent', doing: 'start', passages: services, wanted: services},
  {point: 'after-spawn', doing: 'start', passages: services, wanted: services},
  {point: 'after-start', doing: 'start', passages: services, wanted: services},
  {point: 'before-ack', doing: 'start', wanted: services},
  {point: 'mid-snapshot', doing: 'start', beforeSnapshot: 15},
  {point: 'mid-rotate', doing: 'start', beforeSnapshot: 15},
  {point: 'mid-recovery', doing: 'recovery', passages: services, wanted: services},
  {point: 'after-exit', doing: 'exit', passages: services, wanted: services},
  {point: 'mid-commit', doing: 'stop', passages: 2},
  {point: 'stop-wished', doing: 'stop', wanted: 0},
  {point: 'mid-stop', doing: 'stop', passages: services, wanted: 0},
  {point: 'after-stop', doing: 'stop', passages: services, wanted: 0},
  {point: 'before-ack', doing: 'stop', wanted: 0},
]

describe(`a daemon that dies at a chosen place, ${rounds} × each (L2)`, function () {
  this.timeout(60_000 + rounds * 30_000)
  const {random} = printedRandom()

  for (const scene of scenes) {
    it(`${scene.point} of a ${scene.doing}: what was journalled is done, and nothing is lost`, async () => {
      await using sandbox = await Sandbox.make()
      const stack = await MarkedStack.make(sandbox, services)
      let client = await openClient(sandbox)
      await stack.load(client)
      for (let round = 1; round <= rounds; round += 1) {
        // Where the daemon that dies must find something running, the one before it starts that.
        if (scene.doing !== 'start') await stack.start(client)
        await killDaemonOf(client)
        if (scene.beforeSnapshot !== undefined) await fillJournal(sandbox, scene.beforeSnapshot)
        await die(sandbox, stack, scene, 1 + Math.floor(random() * (scene.passages ?? 1)))
        client = await openClient(sandbox)
        const wanted = await stack.settle(client, `round ${round}`)
        if (scene.wanted !== undefined) assert.equal(wanted, scene.wanted)
        await stack.stopWholly(client)
      }
      await client[Symbol.asyncDispose]()
    })
  }
})

describe('a place to die at', function () {
  this.timeout(60_000)

  it('is none without NODE_ENV=test', async () => {
    await using sandbox = await Sandbox.make()
    const stack = await MarkedStack.make(sandbox, 1)
    for (const NODE_ENV of ['production', undefined]) {
      sandbox.variables = {NODE_ENV, HARNESS_FAILPOINT: 'after-intent'}
      await using client = await openClient(sandbox)
      await stack.load(client)
      await stack.start(client)
      await stack.stopWholly(client)
      await killDaemonOf(client)
    }
  })
})

/** A snapshot comes with every 10,000 records. */
async function fillJournal(sandbox: Sandbox, left: number): Promise<void> {
  const directory = statePaths(sandbox.state).store
  const every = {records: Number.MAX_SAFE_INTEGER, bytes: Number.MAX_SAFE_INTEGER}
  await using store = await openStore({directory, clock: systemClock, log: silentLog, snapshotEvery: every})
  const commits = Array.from({length: 10_000 - left}, (_, index) => store.commit([{key: 'filler', value: index}]))
  await Promise.all(commits)
}

async function die(sandbox: Sandbox, stack: MarkedStack, {point, doing}: Scene, count: number): Promise<void> {
  const first = doing === 'exit' ? (await stack.programs()).slice(0, count) : []
  sandbox.variables = {NODE_ENV: 'test', HARNESS_FAILPOINT: `${point}:${count}`}
  try {
    if (doing === 'recovery') {
      await assert.rejects(openClient(sandbox))
      return
    }
    const client = await openClient(sandbox)
    const begin = (work: Promise<unknown>): void => void work.catch(() => undefined)
    if (doing === 'start') begin(stack.start(client))
    if (doing === 'stop') begin(stack.stop(client))
    for (const {program} of first) if (program !== undefined) kill9(program)
    await dead(client, `${point} is passed`)
  } finally {
    sandbox.variables = {}
  }
}

async function dead(client: Client, name: string): Promise<void> {
  await until(async () => !(await isAlive(client.hello.daemon.pid)), name)
}

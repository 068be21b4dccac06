import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {createInterface} from 'node:readline'
import {describe, it} from 'mocha'
import {systemClock, type Clock} from '../../src/core/base/clock.js'
import {newId} from '../../src/core/base/ids.js'
import type {Client} from '../../src/core/client/client.js'
import {connect} from '../../src/core/client/connect.js'
import {root, Sandbox, until} from '../support/harness.js'
import {callerEnv} from './support/daemon.js'
import {followLogs} from './support/log-follower.js'
import {openConnections} from './support/open-connections.js'
import {openOwnDaemon} from './support/own-daemon.js'
import {startRealDaemon} from './support/real-daemon.js'
import {measured, size} from './support/sizes.js'

/** At the full size a daemon as users have it; else one in this process whose time goes this much faster. */
const speed = size({quick: 20, full: 1})
const mostSilenceMs = 45_000

const hurried: Clock = {
  ...systemClock,
  monotonic: () => systemClock.monotonic() * speed,
  sleep: (ms, signal) => systemClock.sleep(ms / speed, signal),
  after: (ms, callback) => systemClock.after(ms / speed, callback),
}

const stack = `
name: demo
services:
  writer: {type: process, binary: sh, args: [-c, 'i=0; while :; do echo $$i; i=$$((i+1)); sleep 0.02; done']}
  other: {type: process, binary: sleep, args: ['1000']}
`

describe('clients that are stopped while the daemon speaks to them', function () {
  this.timeout(180_000)

  it('are dropped in at most 45 s, with all that was kept for them; once they go on they have missed nothing (W7)', async () => {
    await using sandbox = await Sandbox.make()
    await using _daemon = await openDaemon(sandbox)
    await sandbox.write(stack)
    assert.equal((await sandbox.run('start')).code, 0)
    await using client = await connect({
      stateDirectory: sandbox.state,
      client: {name: 'test', version: '0'},
      clock: systemClock,
    })
    const numbers: number[] = []
    await using follower = followLogs(sandbox, ['writer'], (line) => {
      numbers.push(Number(line.slice(line.indexOf('│') + 2)))
    })
    await using listener = listen(sandbox)
    await until(() => numbers.length > 10 && listener.heard.includes('ready'), 'both hear', 30_000)
    // The listener has one for requests, too.
    await until(async () => (await openConnections(sandbox)) === 4, 'only these are there')

    follower.stall()
    listener.stall()
    const began = hurried.monotonic()
    const stalledAt = numbers.length
    const isAlone = async (): Promise<boolean> => (await openConnections(sandbox)) === 1
    await until(isAlone, 'the kernel has no connection with them', 2 * mostSilenceMs)
    const took = hurried.monotonic() - began
    measured('dropped after', `${(took / 1000).toFixed(1)} s` + (speed === 1 ? '' : ` of a clock ${speed} × as fast`))
    if (speed === 1) assert.ok(took <= mostSilenceMs, `${took} ms`)
    assert.equal(await clientsOf(client), 1, 'the daemon says so, too')
    await restartOther(client)

    follower.goOn()
    listener.goOn()
    await until(() => numbers.length > stalledAt + 100, 'the follower goes on')
    assert.deepEqual(
      numbers,
      numbers.map((_, index) => index),
      'each line once, in order',
    )
    const again = listener.heard.length
    await until(async () => (await openConnections(sandbox)) === 3, 'both are there again')
    await restartOther(client)
    await until(() => listener.heard.length > again, 'the listener goes on')
  })
})

async function openDaemon(sandbox: Sandbox): Promise<AsyncDisposable> {
  if (speed !== 1) return openOwnDaemon(sandbox, hurried)
  await startRealDaemon(sandbox)
  // The sandbox ends it.
  return {[Symbol.asyncDispose]: () => Promise.resolve()}
}

/** What the daemon counts. */
async function clientsOf(client: Client): Promise<number> {
  const {text} = await client.call('daemon.metrics', {})
  return Number(/^harness_clients (\d+)$/m.exec(text)?.[1])
}

async function restartOther(client: Client): Promise<void> {
  const wish = {stack: 'demo', services: ['other'], env: callerEnv, requestId: newId()}
  const {started} = await client.call('service.restart', wish)
  assert.deepEqual(started, ['other'])
}

/** A program that hears events through the package. */
function listen(sandbox: Sandbox) {
  const program = `
    import {connect} from ${JSON.stringify(`${root}dist/index.js`)}
    const client = await connect()
    const events = client.events({topics: ['service.state']})
    void events.ready.then(() => console.log('ready'))
    for await (const item of events) console.log(JSON.stringify(item))
  `
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    env: sandbox.env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise((resolve) => child.on('close', resolve))
  const heard: string[] = []
  createInterface({input: child.stdout}).on('line', (line) => heard.push(line))
  return {
    heard,
    stall: () => child.kill('SIGSTOP'),
    goOn: () => child.kill('SIGCONT'),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

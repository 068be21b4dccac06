import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {readdir, readFile} from 'node:fs/promises'
import {connect as connectPlain, type Socket} from 'node:net'
import {describe, it} from 'mocha'
import {systemClock} from '../../src/core/base/clock.js'
import {newId} from '../../src/core/base/ids.js'
import {connect} from '../../src/core/client/connect.js'
import {loadStack} from '../../src/core/config/load-stack.js'
import {openRaw, type RawClient} from '../core/transport/raw-client.js'
import {openSocket} from '../core/transport/raw-upgrade.js'
import {bin, Sandbox, until} from '../support/harness.js'
import {callerEnv} from './support/daemon.js'
import {findRealDaemon, startRealDaemon, type RealDaemon} from './support/real-daemon.js'
import {measured, size} from './support/sizes.js'

describe('a daemon under a crowd', function () {
  this.timeout(300_000)

  const requests = size({quick: 2000, full: 10_000})
  it(`answers each of ${requests} requests that are sent at once, and takes little memory for it (W2)`, async () => {
    await using sandbox = await Sandbox.make()
    const daemon = await startRealDaemon(sandbox)
    await using client = await openRaw(daemon)
    await client.initialize()
    const grown = await growth(daemon, async () => {
      const ids = Array.from({length: requests}, (_, index) => index + 2)
      for (const id of ids) client.send(JSON.stringify({jsonrpc: '2.0', id, method: 'daemon.info', params: {}}))
      const left = new Set(ids)
      let refused = 0
      while (left.size > 0) {
        const {id, result, error} = await client.next()
        assert.ok(left.delete(Number(id)), `${String(id)} was answered twice`)
        if (result === undefined) assert.equal(error?.data?.code, 'BUSY')
        if (error) refused += 1
      }
      measured('told to come again', `${refused} of ${requests}`)
    })
    assert.ok(grown <= 50, `RSS grew by ${grown} MB`)
  })

  const chopped = size({quick: 5, full: 20})
  it(`closes ${chopped} clients that send 16,000 tiny fragments each (W3)`, async () => {
    await using sandbox = await Sandbox.make()
    const daemon = await startRealDaemon(sandbox)
    const send = async (): Promise<void> => {
      await using client = await openRaw(daemon)
      for (let part = 0; part < 16_000; part += 1) client.socket.send('x', {fin: false}, () => undefined)
      assert.equal((await client.closed).code, 1008)
    }
    // The first fill what is kept for the next, such as the heap.
    for (let round = 0; round < chopped; round += 1) await send()
    const grown = await growth(daemon, async () => {
      for (let round = 0; round < chopped; round += 1) await send()
    })
    assert.ok(grown <= 10, `RSS grew by ${grown} MB`)
  })

  const cycles = size({quick: 200, full: 2400})
  it(`keeps nothing of ${cycles} clients that subscribe and leave, 200 at once (W6)`, async () => {
    await using sandbox = await Sandbox.make()
    const daemon = await startRealDaemon(sandbox)
    const visit = async (): Promise<void> => {
      await using client = await openRaw(daemon)
      await client.initialize()
      assert.ok((await client.request(2, 'events.subscribe', {topics: [], snapshot: true})).result)
    }
    const crowd = async (): Promise<void> => {
      await Promise.all(Array.from({length: 200}, visit))
    }
    // The first crowds fill what is kept for the next, such as the heap. It is collected every ten crowds or so: the lowest of these is compared.
    for (let round = 0; round < size({quick: 1, full: 20}); round += 1) await crowd()
    const files = await openFiles(daemon)
    const lowest = async (): Promise<number> => {
      const seen: number[] = []
      for (let round = 0; round < cycles / 200; round += 1) {
        await crowd()
        seen.push(await rss(daemon))
      }
      return Math.min(...seen)
    }
    const before = await lowest()
    const grown = (await lowest()) - before
    measured('the daemon grew by', `${grown.toFixed(1)} MB from ${before.toFixed(1)} MB`)
    await until(async () => (await openFiles(daemon)) <= files, 'their sockets are closed')
    assert.ok(grown <= size({quick: 50, full: 10}), `RSS grew by ${grown} MB`)
  })

  const idle = size({quick: 100, full: 300})
  it(`lets a client in beside ${idle} idle connections and ${idle} half handshakes, and ends those (W8)`, async () => {
    await using sandbox = await Sandbox.make()
    const daemon = await startRealDaemon(sandbox)
    const sockets: Socket[] = []
    let gone = 0
    const keep = (socket: Socket): void => {
      sockets.push(socket.on('error', () => undefined).on('close', () => (gone += 1)))
    }
    const began = systemClock.monotonic()
    for (let index = 0; index < idle; index += 1) {
      keep(connectPlain(daemon.port, '127.0.0.1'))
      const half = index % 2 === 0 ? await openSocket(daemon, 'tcp') : connectPlain(daemon.server.socketPath)
      half.write('GET / HTTP/1.1\r\nHost: loc')
      keep(half)
    }
    const asked = systemClock.monotonic()
    await using client = await openRaw(daemon)
    assert.ok((await client.initialize()).result)
    measured('a new client is in', `${(systemClock.monotonic() - asked).toFixed(1)} ms`)
    await until(() => gone === sockets.length, 'all the others are closed', 30_000)
    measured('the others are closed', `${((systemClock.monotonic() - began) / 1000).toFixed(1)} s after the first`)
    assert.ok((await client.request(2, 'daemon.info')).result)
  })

  it('writes, starts and checks with 256 files at most and 400 clients (W9)', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(`
name: crowded
services:
  web:
    type: process
    binary: ${process.execPath}
    args: [-e, 'require("net").createServer().listen(process.env.PORT)']
    ports: [0]
    env: {PORT: '\${web.port}'}
    health_check: {tcp: '\${web.port}', interval: 100ms}
  checked:
    type: process
    binary: sleep
    args: ['1000']
    health_check: {command: sh, args: [-c, 'exit 0'], interval: 100ms}
`)
    const {definition} = await loadStack({cwd: sandbox.folder, env: {}})
    const command = [process.execPath, bin, 'daemon', '--background', '--listen', '127.0.0.1:0']
    spawn('sh', ['-c', 'ulimit -n 256; exec "$@"', 'sh', ...command], {env: sandbox.env, stdio: 'ignore'})
    await until(() => findRealDaemon(sandbox).then(isThere, isNotThere), 'the daemon runs', 30_000)
    const daemon = await findRealDaemon(sandbox)
    await using client = await connect({
      stateDirectory: sandbox.state,
      client: {name: 'test', version: '0'},
      clock: systemClock,
    })
    // A few at a time: of very many at once the first would be pushed out before they have shown their token.
    const inside: RawClient[] = []
    for (let asked = 0; asked < 400; asked += 40) {
      const some = await Promise.allSettled(Array.from({length: 40}, () => openRaw(daemon)))
      inside.push(...some.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])))
    }
    measured('clients', `${inside.length} of 400; ${await openFiles(daemon)} files are open`)
    try {
      assert.ok(inside.length > 20, 'some have come in')
      await client.call('stack.load', {definition, requestId: newId()})
      const wish = {stack: 'crowded', services: [], env: callerEnv, requestId: newId()}
      const {started} = await client.call('service.start', wish)
      assert.deepEqual([...started].sort(), ['checked', 'web'])
      await until(async () => {
        const {services} = await client.call('service.status', {stack: 'crowded', services: []})
        return services.every(({health}) => health?.ok === true)
      }, 'both are healthy')
      await client.call('service.stop', {stack: 'crowded', services: [], dependents: 'stop', requestId: newId()})
      assert.doesNotMatch(await daemon.log(), /EMFILE/)
    } finally {
      await Promise.all(inside.map((one) => one[Symbol.asyncDispose]()))
    }
  })
})

const isThere = (): boolean => true
const isNotThere = (): boolean => false

/** By how many MB the daemon is larger after something than before. */
async function growth(daemon: RealDaemon, act: () => Promise<void>): Promise<number> {
  const before = await rss(daemon)
  await act()
  const grown = (await rss(daemon)) - before
  measured('the daemon grew by', `${grown.toFixed(1)} MB from ${before.toFixed(1)} MB`)
  return grown
}

async function rss({pid}: RealDaemon): Promise<number> {
  const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kib) / 1024
}

async function openFiles({pid}: RealDaemon): Promise<number> {
  return (await readdir(`/proc/${pid}/fd`)).length
}

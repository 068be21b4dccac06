import assert from 'node:assert/strict'
import {readFile, readdir} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'mocha'
import {systemClock} from '../../src/core/base/clock.js'
import {newId} from '../../src/core/base/ids.js'
import type {Client} from '../../src/core/client/client.js'
import {ensureDaemon} from '../../src/core/client/ensure-daemon.js'
import {loadStack} from '../../src/core/config/load-stack.js'
import type {StackStatus} from '../../src/core/contract/status.js'
import {bin, isAlive, processesNaming, Sandbox, until} from '../support/harness.js'
import {seededRandom} from '../support/seeded-random.js'

const kills = Number(process.env['HARNESS_KILLS'] ?? 20)
const size = 50

/** L1: the daemon dies at random moments while services start, half of which are killed meanwhile. */
describe('a daemon that is killed again and again while 50 services start', function () {
  this.timeout(30_000 + kills * 15_000)

  it(`loses, doubles and orphans nothing in ${kills} kills`, async () => {
    await using sandbox = await Sandbox.make()
    const seed = Number(process.env['HARNESS_SEED'] ?? Date.now() % 1_000_000)
    console.log(`      seed ${seed}`)
    const random = seededRandom(seed)
    const marker = `marker-${newId()}`
    const services = Array.from(
      {length: size},
      (_, index) => `
  s${index}:
    type: process
    binary: sh
    args: [-c, 'echo up; while :; do sleep 1000; done', ${marker}, s${index}]
    restart: {policy: always, delay: 10ms, max_attempts: 100}`,
    )
    await sandbox.write(`name: torture\nservices:${services.join('')}\n`)
    const {definition} = await loadStack({cwd: sandbox.folder, env: {}})

    const open = (): Promise<Client> =>
      ensureDaemon({
        stateDirectory: sandbox.state,
        command: [process.execPath, bin, 'daemon', '--background'],
        env: sandbox.env,
        client: {name: 'test', version: '0'},
        clock: systemClock,
      })
    const recoveries: number[] = []

    for (let kill = 0; kill < kills; kill += 1) {
      const victim = await open()
      await victim.call('stack.load', {definition, requestId: newId()})
      // It is not waited for: the answer is lost with the daemon, the work must not be.
      victim
        .call('service.start', {
          stack: 'torture',
          services: [],
          env: {PATH: process.env['PATH'] ?? ''},
          requestId: newId(),
        })
        .catch(() => undefined)
      await systemClock.sleep(random() * 600)
      const killed = ownPids(marker).then((pids) => {
        for (const pid of pids.filter(() => random() < 0.5)) kill9(pid)
      })
      if (random() < 0.5) await killed
      kill9(victim.hello.daemon.pid)
      await killed
      await until(async () => !(await isAlive(victim.hello.daemon.pid)), 'the daemon is dead')

      const began = systemClock.monotonic()
      await using client = await open()
      recoveries.push(systemClock.monotonic() - began)
      const wanted = await desiredUp(client)
      let status: StackStatus | undefined
      await until(async () => {
        status = await client.call('service.status', {stack: 'torture', services: []})
        return status.services.filter(({desired}) => desired === 'up').every(({state}) => state === 'Running')
      }, 'everything that was asked for is Running')
      await until(
        async () => (await ownPids(marker)).length === wanted,
        `exactly ${wanted} programs are there after kill ${kill + 1}`,
      )
      const pids = (await ownPids(marker)).sort((a, b) => a - b)
      const believed = (await client.call('service.status', {stack: 'torture', services: []})).services
        .flatMap(({pid}) => (pid === null ? [] : [pid]))
        .sort((a, b) => a - b)
      assert.deepEqual(pids, believed, 'what runs is what the daemon believes')
      // A kill before the start was journalled leaves nothing wanted; any other leaves all of it.
      assert.ok(wanted === 0 || wanted === size, `${wanted} services are wanted`)
      if (kill % 4 === 3) {
        await client.call('service.stop', {stack: 'torture', services: [], dependents: 'leave', requestId: newId()})
        assert.deepEqual(await processesNaming(marker), [], 'a stop leaves nothing')
      }
    }

    await using client = await open()
    await client.call('service.stop', {stack: 'torture', services: [], dependents: 'leave', requestId: newId()})
    assert.deepEqual(await processesNaming(marker), [])
    await assertNoLostRecords(sandbox.state)
    recoveries.sort((a, b) => a - b)
    console.log(
      `      recovery incl. the start of node: p95 ${Math.round(recoveries[Math.floor(recoveries.length * 0.95)] ?? 0)} ms`,
    )
  })
})

async function desiredUp(client: Client): Promise<number> {
  const {stacks} = await client.call('stack.list', {})
  if (stacks.length === 0) return 0
  const {services} = await client.call('service.status', {stack: 'torture', services: []})
  return services.filter(({desired}) => desired === 'up').length
}

/** The programs themselves: `sh -c … marker`, not the sleeps below them. */
async function ownPids(marker: string): Promise<number[]> {
  return leaders(await processesNaming(marker))
}

async function leaders(pids: readonly number[]): Promise<number[]> {
  const found = await Promise.all(
    pids.map(async (pid) => {
      const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
      return line.startsWith('sh\0-c\0echo up') || /^\S*sh\0-c\0echo up/.test(line) ? [pid] : []
    }),
  )
  return found.flat()
}

/** Every attempt that ran to an end has its record: `run` without a complete `exit` would be a lost one. */
async function assertNoLostRecords(state: string): Promise<void> {
  const runs = path.join(state, 'runs')
  const entries = await readdir(runs, {recursive: true})
  const lost: string[] = []
  for (const entry of entries.filter((name) => path.basename(name) === 'run')) {
    const exit = await readFile(path.join(runs, path.dirname(entry), 'exit'), 'utf8').catch(() => '')
    if (exit.trim() === '') lost.push(entry)
  }
  assert.deepEqual(lost, [], 'every attempt has a record of its end')
}

function kill9(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It was quicker.
  }
}

import assert from 'node:assert/strict'
import {readdir, readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'mocha'
import {newId} from '../../src/core/base/ids.js'
import type {Client} from '../../src/core/client/client.js'
import {loadStack} from '../../src/core/config/load-stack.js'
import type {StackStatus} from '../../src/core/contract/status.js'
import {isAlive, Sandbox, until} from '../support/harness.js'
import {takeCensus} from './support/census.js'
import {callerEnv, kill9, killDaemonOf, openClient} from './support/daemon.js'
import {size} from './support/sizes.js'

const rounds = size({quick: 1, full: 10})
const services = 10

describe('a daemon that comes back after the machine was started anew', function () {
  this.timeout(60_000 + rounds * 20_000)

  it(`adopts nothing, signals nothing, and starts what is wanted once, ${rounds} × (L12)`, async () => {
    await using sandbox = await Sandbox.make()
    const marker = `marker-${newId()}`
    await defineStack(sandbox, marker)
    for (let round = 1; round <= rounds; round += 1) {
      const victim = await openClient(sandbox)
      const {definition} = await loadStack({cwd: sandbox.folder, env: {}})
      await victim.call('stack.load', {definition, requestId: newId()})
      const request = {stack: 'torture', env: callerEnv, requestId: newId()}
      await victim.call('service.start', {...request, services: []})
      const stop = {stack: 'torture', services: ['s0'], dependents: 'leave', requestId: newId()} as const
      await victim.call('service.stop', stop)
      const attempts = new Map((await statusOf(victim)).services.map(({name, attempt}) => [name, attempt]))
      await killDaemonOf(victim)
      // Processes with the same numbers, start ticks and cookies, as they could never be after a real boot: the boot id alone is left.
      const strangers = await takeCensus(marker)
      await ofAnotherBoot(path.join(sandbox.state, 'runs'))

      await using client = await openClient(sandbox)
      await until(async () => (await running(client)) === services - 1, 'all that is wanted runs')
      const old = new Set(strangers.map(({program}) => program))
      for (const {name, pid, attempt, restarts, desired} of (await statusOf(client)).services) {
        if (name === 's0') assert.deepEqual([pid, desired], [null, 'down'], 'what was stopped stays so')
        else assert.equal(attempt, (attempts.get(name) ?? 0) + 1, `${name} is started once (${restarts} restarts)`)
        assert.ok(pid === null || !old.has(pid), `${name} is not adopted`)
      }
      const now = await takeCensus(marker)
      assert.equal(now.length, strangers.length + services - 1, 'each runs once beside the strangers')
      const all = {stack: 'torture', services: [], dependents: 'leave', requestId: newId()} as const
      await client.call('service.stop', all)
      const signalled = (await readFile(path.join(sandbox.folder, 'signals'), 'utf8')).split('\n').map(Number)
      for (const {program = 0} of strangers) {
        assert.ok(await isAlive(program), 'no stranger was killed')
        assert.ok(!signalled.includes(program), 'no stranger was signalled')
      }
      assert.ok(signalled.length >= services - 1, 'the others were: signals are seen')
      for (const {pids} of strangers) pids.forEach(kill9)
      await until(async () => (await takeCensus(marker)).length === 0, 'the strangers are gone')
      await killDaemonOf(client)
    }
  })
})

/** Each notes its pid when a signal comes. */
async function defineStack(sandbox: Sandbox, marker: string): Promise<void> {
  const signals = path.join(sandbox.folder, 'signals')
  const script = `trap 'echo $$$$ >> ${signals}; exit 0' TERM INT HUP QUIT USR1 USR2; while :; do sleep 0.2; done`
  const entries = Array.from(
    {length: services},
    (_, index) => `
  s${index}: {type: process, binary: sh, args: [-c, ${JSON.stringify(script)}], env: {MARKER: ${marker}}}`,
  )
  await sandbox.write(`name: torture\nservices:${entries.join('')}\n`)
}

function statusOf(client: Client): Promise<StackStatus> {
  return client.call('service.status', {stack: 'torture', services: []})
}

async function running(client: Client): Promise<number> {
  return (await statusOf(client)).services.filter(({state}) => state === 'Running').length
}

/** Writes another boot id into all records. */
async function ofAnotherBoot(runs: string): Promise<void> {
  const files = await readdir(runs, {recursive: true})
  for (const name of files.filter((each) => ['claim', 'run'].includes(path.basename(each)))) {
    const file = path.join(runs, name)
    const text = await readFile(file, 'utf8')
    await writeFile(file, text.replace(/[0-9a-f-]{36}/, newId()))
  }
}

import assert from 'node:assert/strict'
import {readFile} from 'node:fs/promises'
import {describe, it} from 'mocha'
import {systemClock} from '../../src/core/base/clock.js'
import {newId} from '../../src/core/base/ids.js'
import type {Client} from '../../src/core/client/client.js'
import {ensureDaemon} from '../../src/core/client/ensure-daemon.js'
import {loadStack} from '../../src/core/config/load-stack.js'
import {bin, processesNaming, Sandbox} from '../support/harness.js'
import {seededRandom} from '../support/seeded-random.js'

const clients = Number(process.env['HARNESS_CLIENTS'] ?? 10)
const operations = Number(process.env['HARNESS_OPERATIONS'] ?? 200)
const names = ['s0', 's1', 's2', 's3', 's4']

/** L8: many clients ask for starts, stops and restarts of the same few services, each its own way. */
describe(`${clients} clients that ask ${operations} times each for random starts, stops and restarts`, function () {
  this.timeout(60_000 + clients * operations * 150)

  it('are all answered, and no service ever has two live instances', async () => {
    await using sandbox = await Sandbox.make()
    const seed = Number(process.env['HARNESS_SEED'] ?? Date.now() % 1_000_000)
    console.log(`      seed ${seed}`)
    // Each program looks whether the one before it still lives, and notes it when it does.
    const script =
      'kill -0 "$$(cat $$MINE)" 2>/dev/null && echo "$$MINE: two at once" >> $$NOTES; echo $$$$ > $$MINE; exec sleep 1000'
    const services = names.map(
      (name) => `
  ${name}:
    type: process
    binary: sh
    args: [-c, ${JSON.stringify(script)}]
    env: {MINE: '${sandbox.folder}/${name}.pid', NOTES: '${sandbox.folder}/notes'}`,
    )
    await sandbox.write(`name: crowd\nservices:${services.join('')}\n`)
    const {definition} = await loadStack({cwd: sandbox.folder, env: {}})
    const open = (): Promise<Client> =>
      ensureDaemon({
        stateDirectory: sandbox.state,
        command: [process.execPath, bin, 'daemon', '--background'],
        env: sandbox.env,
        client: {name: 'test', version: '0'},
        clock: systemClock,
      })
    await using first = await open()
    await first.call('stack.load', {definition, requestId: newId()})

    let answered = 0
    await Promise.all(
      Array.from({length: clients}, async (_, index) => {
        const random = seededRandom(seed + index)
        await using client = await open()
        for (let operation = 0; operation < operations; operation += 1) {
          await ask(client, pick(random), names[Math.floor(random() * names.length)] ?? 's0')
          answered += 1
        }
      }),
    )
    assert.equal(answered, clients * operations, 'every request was answered')

    for (const [index, name] of names.entries()) await ask(first, index % 2 === 0 ? 'start' : 'stop', name)
    const {services: last} = await first.call('service.status', {stack: 'crowd', services: []})
    assert.deepEqual(
      last.map(({name, state}) => `${name} ${state}`),
      ['s0 Running', 's1 Stopped', 's2 Running', 's3 Stopped', 's4 Running'],
      'the last word counts',
    )
    await ask(first, 'stop', 's0')
    await first.call('service.stop', {stack: 'crowd', services: [], dependents: 'leave', requestId: newId()})
    assert.deepEqual(await processesNaming(`${sandbox.folder}/s`), [])
    assert.match(await readFile(`${sandbox.folder}/s0.pid`, 'utf8'), /^\d+\n$/)
    assert.equal(await readFile(`${sandbox.folder}/notes`, 'utf8').catch(() => ''), '', 'no service ever had two')
  })
})

type Operation = 'restart' | 'start' | 'stop'

function pick(random: () => number): Operation {
  const at = random()
  return at < 0.4 ? 'start' : at < 0.7 ? 'stop' : 'restart'
}

async function ask(client: Client, operation: Operation, name: string): Promise<void> {
  const request = {stack: 'crowd', services: [name], requestId: newId()}
  const env = {PATH: process.env['PATH'] ?? ''}
  if (operation === 'stop') await client.call('service.stop', {...request, dependents: 'leave'})
  else await client.call(operation === 'start' ? 'service.start' : 'service.restart', {...request, env})
}

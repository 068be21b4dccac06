import assert from 'node:assert/strict'
import {readFile} from 'node:fs/promises'
import {describe, it} from 'mocha'
import {newId} from '../../src/core/base/ids.js'
import type {Client} from '../../src/core/client/client.js'
import {loadStack} from '../../src/core/config/load-stack.js'
import {processesNaming, Sandbox} from '../support/harness.js'
import {seededRandom} from '../support/seeded-random.js'
import {callerEnv, openClient} from './support/daemon.js'
import {printedRandom, size} from './support/sizes.js'

const clients = size({quick: 4, full: 10})
const operations = size({quick: 25, full: 200})
const names = ['s0', 's1', 's2', 's3', 's4']

describe(`${clients} clients that ask ${operations} times each for random starts, stops and restarts`, function () {
  this.timeout(60_000 + clients * operations * 150)

  it('are all answered, and no service ever has two live instances (L8)', async () => {
    await using sandbox = await Sandbox.make()
    const {seed} = printedRandom()
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
    await using first = await openClient(sandbox)
    await first.call('stack.load', {definition, requestId: newId()})

    let answered = 0
    await Promise.all(
      Array.from({length: clients}, async (_, index) => {
        const random = seededRandom(seed + index)
        await using client = await openClient(sandbox)
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
  if (operation === 'stop') await client.call('service.stop', {...request, dependents: 'leave'})
  else await client.call(operation === 'start' ? 'service.start' : 'service.restart', {...request, env: callerEnv})
}

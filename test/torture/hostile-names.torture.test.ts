import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {namePattern} from '../../src/core/base/ids.js'
import {isJsonObject} from '../../src/core/base/json.js'
import {methods} from '../../src/core/protocol/methods.js'
import {rpcCodes} from '../../src/core/protocol/messages.js'
import {openRaw} from '../core/transport/raw-client.js'
import {Sandbox} from '../support/harness.js'
import {controls, hostileNames} from '../support/hostile-names.js'
import {startRealDaemon} from './support/real-daemon.js'
import {measured, size} from './support/sizes.js'

/** Where a method takes names: `wrap` makes what is sent there of one, `pointer` is what the error has to point at. */
interface Place {
  readonly method: string
  readonly key: string
  readonly wrap: (name: string) => unknown
  readonly pointer: string
}

describe('hostile names', function () {
  this.timeout(300_000)

  it(`are refused by a daemon in each place of each method, ${hostileNames.length} of them (S9)`, async () => {
    await using sandbox = await Sandbox.make()
    const daemon = await startRealDaemon(sandbox)
    await using client = await openRaw(daemon)
    await client.initialize()
    const places = Object.entries(methods).flatMap(([method, {params}]) => placesOf(method, params))
    const taking = new Set(places.map(({method}) => method))
    for (const method of ['service.start', 'service.stop', 'task.run']) assert.ok(taking.has(method), method)
    let id = 1
    for (const {method, key, wrap, pointer} of places) {
      for (const name of hostileNames) {
        id += 1
        const {error} = await client.request(id, method, {[key]: wrap(name)})
        const subject = `${method} ${key} ${JSON.stringify(name)}`
        assert.equal(error?.code, rpcCodes.invalidParams, subject)
        assert.equal(error.data?.code, 'REQUEST_INVALID', subject)
        assert.ok(!controls.test(error.message), subject)
        assert.ok(
          pointersIn(error.data.details).some((each) => each.startsWith(pointer)),
          subject,
        )
      }
    }
    measured('refused', `${id - 1} requests, in ${places.length} places of ${taking.size} methods`)
    const {result} = await client.request(id + 1, 'stack.list')
    assert.deepEqual(result, {stacks: []})
  })

  const files = size({quick: 6, full: hostileNames.length})
  it(`in a stack file end the command with the line, and nothing is started: ${files} of them (S9)`, async () => {
    await using sandbox = await Sandbox.make()
    const step = hostileNames.length / files
    for (const name of Array.from({length: files}, (_, index) => hostileNames[Math.floor(index * step)] ?? '')) {
      // JSON is YAML as well.
      await sandbox.write(`services:\n  ${JSON.stringify(name)}: {type: process, binary: sleep, args: ['1000']}\n`)
      const {code, stdout, stderr} = await sandbox.run('start')
      const subject = `${JSON.stringify(name)}: ${stdout}${stderr}`
      assert.equal(code, 3, subject)
      assert.match(stderr, /harness\.yaml:2/, subject)
      for (const line of `${stdout}\n${stderr}`.split('\n')) assert.ok(!controls.test(line), subject)
    }
    assert.deepEqual(await sandbox.processes(), [])
  })
})

function placesOf(method: string, params: unknown): readonly Place[] {
  if (!isJsonObject(params) || !isJsonObject(params['properties'])) return []
  return Object.entries(params['properties']).flatMap(([key, schema]) => {
    const place = {method, key, pointer: `/${key}`}
    if (!isJsonObject(schema)) return []
    if (schema['pattern'] === namePattern) return [{...place, wrap: (name: string) => name}]
    if (hasNames(schema['items'])) return [{...place, wrap: (name: string) => ['ok', name], pointer: `/${key}/1`}]
    if (hasNames(schema['propertyNames'])) return [{...place, wrap: (name: string) => recordOf(name)}]
    return []
  })
}

function hasNames(schema: unknown): boolean {
  return isJsonObject(schema) && schema['pattern'] === namePattern
}

/** An object literal would take `__proto__` for its prototype. */
function recordOf(name: string): unknown {
  return JSON.parse(`{${JSON.stringify(name)}: 1}`)
}

function pointersIn(details: unknown): readonly string[] {
  const problems = (details as {readonly problems?: readonly {readonly pointer: string}[]} | undefined)?.problems
  return (problems ?? []).map(({pointer}) => pointer)
}

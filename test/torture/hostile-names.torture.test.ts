import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {namePattern} from '../../src/core/base/ids.js'
import {isJsonObject} from '../../src/core/base/json.js'
import {definitions} from '../../src/core/protocol/definitions.js'
import {methods} from '../../src/core/protocol/methods.js'
import {rpcCodes} from '../../src/core/protocol/messages.js'
import {exampleOf} from '../core/daemon/example-of.js'
import {openRaw} from '../core/transport/raw-client.js'
import {Sandbox} from '../support/harness.js'
import {controls, hostileNames} from '../support/hostile-names.js'
import {startRealDaemon} from './support/real-daemon.js'
import {assertHarmless, places as shownAt, show} from './support/shown-bytes.js'
import {measured, size} from './support/sizes.js'

/** Where a schema takes names: `wrap` makes what is sent of one, right but for it; `pointer` is what the error has to point at. */
interface Place {
  readonly pointer: string
  readonly wrap: (name: string) => unknown
}

/** In what each method takes, however deep. */
const placesOfMethods = Object.entries(methods).flatMap(([method, {params}]) =>
  placesIn(params).map((place) => ({method, ...place})),
)

describe('hostile names', function () {
  this.timeout(300_000)

  it('are looked for wherever a name can stand', () => {
    const found = new Set(placesOfMethods.map(({method, pointer}) => `${method} ${pointer}`))
    for (const place of [
      'service.start /services/0',
      'task.run /task',
      'logs.read /after/0/service',
      'stack.load /definition/name',
      'stack.load /definition/services',
      'stack.load /definition/services/ok/dependencies/0/name',
      'stack.load /definition/services/ok/ports/0/name',
      'stack.load /definition/services/ok/watch/0/action/task',
      'stack.load /definition/networks/ok/nodes/0/name',
      'stack.load /definition/tasks/ok/dependencies/0/name',
    ]) {
      assert.ok(found.has(place), place)
    }
  })

  it(`are refused by a daemon in each place of each method, ${hostileNames.length} of them (S9)`, async () => {
    assert.equal(new Set(hostileNames).size, hostileNames.length)
    await using sandbox = await Sandbox.make()
    const daemon = await startRealDaemon(sandbox)
    await using client = await openRaw(daemon)
    await client.initialize()
    let id = 1
    for (const {method, wrap, pointer} of placesOfMethods) {
      for (const name of hostileNames) {
        id += 1
        const {error} = await client.request(id, method, wrap(name) as object)
        const subject = `${method} ${pointer} ${JSON.stringify(name)}`
        assert.equal(error?.code, rpcCodes.invalidParams, subject)
        assert.equal(error.data?.code, 'REQUEST_INVALID', subject)
        assert.ok(!controls.test(error.message), subject)
        assert.ok(pointersIn(error.data.details).includes(pointer), subject)
      }
    }
    const taking = new Set(placesOfMethods.map(({method}) => method))
    measured('refused', `${id - 1} requests, in ${placesOfMethods.length} places of ${taking.size} methods`)
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
      for (const place of shownAt) {
        const shown = await show(sandbox, place, 'start')
        const text = assertHarmless(shown, JSON.stringify(name))
        assert.equal(shown.code, 3, text)
        assert.match(text, /harness\.yaml:2/, JSON.stringify(name))
      }
    }
    assert.deepEqual(await sandbox.processes(), [])
  })
})

/** `within`: the shapes on the way here, so that one that contains itself ends. */
function placesIn(schema: unknown, within: readonly string[] = []): readonly Place[] {
  if (!isJsonObject(schema)) return []
  const {$ref} = schema
  const named = typeof $ref === 'string' ? /^#\/\$defs\/(\w+)$/.exec($ref)?.[1] : undefined
  if (named !== undefined) return within.includes(named) ? [] : placesIn(definitions[named], [...within, named])
  if (schema['pattern'] === namePattern) return [{pointer: '', wrap: (name) => name}]
  const branches = Array.isArray(schema['anyOf']) ? (schema['anyOf'] as readonly unknown[]) : []
  const properties = isJsonObject(schema['properties']) ? Object.entries(schema['properties']) : []
  const propertyNames = isJsonObject(schema['propertyNames']) ? schema['propertyNames']['pattern'] : undefined
  return [
    ...branches.flatMap((branch) => placesIn(branch, within)),
    ...properties.flatMap(([key, inner]) =>
      under(key, placesIn(inner, within), (value) => ({...(exampleOf(schema) as object), [key]: value})),
    ),
    ...under('0', placesIn(schema['items'], within), (value) => [value]),
    ...under('ok', placesIn(schema['additionalProperties'], within), (value) => ({ok: value})),
    ...(propertyNames === namePattern ? [{pointer: '', wrap: recordOf(schema['additionalProperties'])}] : []),
  ]
}

function under(key: string, places: readonly Place[], around: (value: unknown) => unknown): readonly Place[] {
  return places.map(({pointer, wrap}) => ({pointer: `/${key}${pointer}`, wrap: (name) => around(wrap(name))}))
}

/** An object literal would take `__proto__` for its prototype. */
function recordOf(values: unknown): (name: string) => unknown {
  const value = JSON.stringify(exampleOf(values as object))
  return (name) => JSON.parse(`{${JSON.stringify(name)}: ${value}}`) as unknown
}

function pointersIn(details: unknown): readonly string[] {
  const problems = (details as {readonly problems?: readonly {readonly pointer: string}[]} | undefined)?.problems
  return (problems ?? []).map(({pointer}) => pointer)
}

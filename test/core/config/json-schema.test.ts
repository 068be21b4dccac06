import assert from 'node:assert/strict'
import {readdirSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {Ajv2020} from 'ajv/dist/2020.js'
import {describe, it} from 'mocha'
import {parse, stringify} from 'yaml'
import {systemClock} from '../../../src/core/base/clock.js'
import type {Json, JsonObject} from '../../../src/core/base/json.js'
import {checkInspected} from '../../../src/core/config/check-inspected.js'
import {inspectStack} from '../../../src/core/config/inspect-stack.js'
import {keyNames, type MapName} from '../../../src/core/config/keys/names.js'
import {definitionOf} from '../../../src/core/config/keys/shapes.js'
import {keyTables} from '../../../src/core/config/keys/tables.js'
import {stackSchema} from '../../../src/core/config/schema/stack-schema.js'
import type {Catalogue} from '../../../src/core/contract/catalogue.js'
import {collectPlugins} from '../../../src/core/plugin/host.js'
import {servicesFor, source} from '../plugin/fixture-plugins.js'
import {catalogue as invented} from './catalogue.js'
import {accepts, complaints, mapsIn, withKey} from './schema-walk.js'

const root = path.join(import.meta.dirname, '../../..')
const good = path.join(root, 'test/fixtures/good')
const files = readdirSync(good, {recursive: true, encoding: 'utf8'}).filter((file) => file.endsWith('.yaml'))
const names = Object.keys(keyNames) as MapName[]

/** What harness brings, and beside it the service types and a task type of no plugin. */
async function catalogueOf(): Promise<Catalogue> {
  const load = (): Promise<unknown> => import('../../../src/hooks/register.js')
  const core = await collectPlugins([source('@service-harness/cli', undefined, {kind: 'core', load})], {
    clock: systemClock,
    servicesFor,
  })
  return {
    ...core,
    serviceType: (type) => invented.serviceType(type),
    taskType: (type) => core.taskType(type) ?? invented.taskType(type),
    names: {...core.names, serviceTypes: invented.names.serviceTypes, taskTypes: ['command', 'sql']},
  }
}

/** As other programs read YAML. */
function read(text: string): Json {
  return parse(text, {merge: true}) as Json
}

/** What `harness validate` says of a file in the folder of the good ones, with its environments chosen. */
async function errorsOf(text: string, folder: string, catalogue: Catalogue): Promise<readonly string[]> {
  const environment = text.includes('premiere:') ? 'premiere' : undefined
  const options = {cwd: folder, files: ['-'], env: {INTERVAL: '3s'}, stdin: () => Promise.resolve(text), environment}
  const problems = checkInspected(await inspectStack(options), catalogue)
  return problems.filter(({severity}) => severity === 'error').map(({message}) => message)
}

describe('the JSON Schema of the stack file', function () {
  this.timeout(20_000)
  let catalogue: Catalogue
  let schema: JsonObject

  before(async () => {
    catalogue = await catalogueOf()
    schema = stackSchema(catalogue)
  })

  it('is a JSON Schema of 2020-12', () => {
    const ajv = new Ajv2020({strict: false})
    for (const each of [schema, stackSchema(catalogue, 'part'), stackSchema(invented)]) {
      assert.equal(ajv.validateSchema(each), true, JSON.stringify(ajv.errors))
    }
  })

  for (const file of files) {
    it(`accepts ${file}, and so do the readers`, async () => {
      const text = readFileSync(path.join(good, file), 'utf8')
      assert.deepEqual(complaints(schema, read(text)), [])
      assert.deepEqual(await errorsOf(text, path.dirname(path.join(good, file)), catalogue), [])
    })
  }

  for (const file of ['examples/quickstart/harness.yaml', 'templates/web.yaml', 'templates/minimal.yaml']) {
    it(`accepts ${file}`, () => {
      assert.deepEqual(complaints(schema, read(readFileSync(path.join(root, file), 'utf8'))), [])
    })
  }

  it('accepts the example of a program with a task type of its own', () => {
    const greet = {...invented.taskType('sql'), input: {properties: {name: {type: 'string'}}}}
    const own = {...catalogue, taskType: () => greet, names: {...catalogue.names, taskTypes: ['greet']}}
    const text = readFileSync(path.join(root, 'examples/program/greeting.yaml'), 'utf8')
    assert.deepEqual(complaints(stackSchema(own as Catalogue), read(text)), [])
  })

  it('accepts what the README shows', () => {
    const blocks = [...readFileSync(path.join(root, 'README.md'), 'utf8').matchAll(/```yaml\n(.*?)```/gs)]
    const [stack = '', service = ''] = blocks.map(([, text = '']) => text)
    assert.deepEqual(complaints(schema, read(stack)), [])
    assert.deepEqual(complaints(schema, {services: read(service)}), [])
  })

  it('accepts what docs/config.md shows', () => {
    const part = stackSchema(withExecutor(catalogue, 'remote'), 'part')
    const tags = ['seq', 'map'].map((collection) => ({tag: '!override', collection: collection as 'map' | 'seq'}))
    const customTags = [...tags, {tag: '!reset', resolve: () => null}]
    const blocks = [...readFileSync(path.join(root, 'docs/config.md'), 'utf8').matchAll(/```yaml\n(.*?)```/gs)]
    const shown = blocks.map(([, text = '']) => parse(text, {customTags}) as Json).filter((value) => value !== null)
    assert.ok(shown.length >= 4)
    for (const value of shown) assert.deepEqual(complaints(part, value), [])
  })

  it('has every key that the readers know, and no other', () => {
    for (const map of names) assert.deepEqual(Object.keys(keyTables[map].keys).sort(), [...keyNames[map]].sort(), map)
  })

  it('is put to the test by files that use every key of every map', () => {
    const used = new Set<string>()
    for (const file of files) {
      const maps = mapsIn(schema, read(readFileSync(path.join(good, file), 'utf8')))
      for (const {definition, keys} of maps) for (const key of keys) used.add(`${definition} ${key}`)
    }
    const all = names.flatMap((map) => keyNames[map].map((key) => `${definitionOf(map)} ${key}`))
    assert.deepEqual(
      all.filter((each) => !used.has(each)),
      [],
    )
  })

  for (const file of files) {
    it(`refuses one more key in each map of ${file}, and so do the readers`, async () => {
      const value = read(readFileSync(path.join(good, file), 'utf8'))
      const maps = mapsIn(schema, value)
      assert.ok(maps.length > 0)
      for (const {definition, path: where} of maps) {
        const mutated = withKey(value, where, 'zzz')
        const at = `zzz in ${definition} at ${where.join('.')}`
        assert.equal(accepts(schema, mutated), false, `the schema accepts ${at}`)
        const text = stringify(mutated)
        const errors = await errorsOf(text, path.dirname(path.join(good, file)), catalogue)
        assert.ok(errors.length > 0, `the readers accept ${at}`)
      }
    })
  }

  it('names the types that are installed, and refuses any other', () => {
    const said = complaints(schema, {services: {db: {type: 'docker', image: 'postgres'}}})
    assert.ok(
      said.some((each) => each.includes('"process","process-attach"')),
      said.join('\n'),
    )
    assert.equal(accepts(schema, {tasks: {a: {task_type: 'graph'}}}), false)
    assert.equal(accepts(schema, {services: {a: {service_type: 'graph'}}}), false)
  })

  it('refuses what can never be right', () => {
    const wrong: readonly Json[] = [
      {services: {a: {}}},
      {services: {a: {type: 'process'}}},
      {services: {a: {type: 'process', binary: 'a', target: {type: 'process', binary: 'a'}}}},
      {services: {a: {type: 'process', binary: 'a', args: 'b'}}},
      {services: {a: {type: 'process-attach', pid: 1, pid_file: 'a'}}},
      {services: {a: {type: 'process', binary: 'a', pid: 1}}},
      {services: {a: {target: {type: 'process', binary: 'a', pid: 1}}}},
      {services: {a: {type: 'process', binary: 'a', restart: 'sometimes'}}},
      {services: {a: {type: 'process', binary: 'a', startup_timeout: 'soon'}}},
      {services: {a: {type: 'process', binary: 'a', health_check: {http: 'http://a', tcp: 80}}}},
      {services: {a: {type: 'process', binary: 'a', health_check: {interval: '1s'}}}},
      {services: {a: {type: 'process', binary: 'a', dependencies: [{service: 'b', task: 'c'}]}}},
      {services: {a: {type: 'process', binary: 'a', replicas: -1}}},
      {services: {a: {service_type: 'web', config: {}}}},
      {services: {a: {service_type: 'web'}}},
      {services: {'Not A Name': {type: 'process', binary: 'a'}}},
      {tasks: {a: {task_type: 'command'}}},
      {tasks: {a: {task_type: 'sql', config: {query: 'a'}, target: {type: 'process', binary: 'a'}}}},
      {tasks: {a: {task_type: 'sql', config: {query: 'a'}, action: {query: 'a'}}}},
      {secrets: {a: {env: 'A', file: 'a'}}, services: {}},
      {version: 2},
    ]
    for (const each of wrong) assert.equal(accepts(schema, each), false, JSON.stringify(each))
  })

  it("knows 'attach' beside a plain type as the readers do, and refuses what those refuse", async () => {
    const right: readonly JsonObject[] = [
      {type: 'process', attach: {pid_file: 'a.pid'}},
      {type: 'process', attach: {pid: '${PID}'}, restart: 'no'},
      {target: {type: 'process', attach: {process_name: 'a'}}},
    ]
    const wrong: readonly JsonObject[] = [
      {type: 'process', binary: 'a', attach: {pid: 1}},
      {type: 'process', attach: {pid: 1, zzz: 1}},
      {type: 'process', attach: {pid: 1}, zzz: 1},
      {type: 'process', attach: {binary: 'a'}},
      {type: 'process-attach', attach: {pid: 1}},
      {target: {type: 'process', attach: {pid: 1, zzz: 1}}},
    ]
    for (const [services, isRight] of [
      ...right.map((a) => [a, true] as const),
      ...wrong.map((a) => [a, false] as const),
    ]) {
      const value = {services: {a: services}}
      const said = JSON.stringify(value)
      assert.equal(accepts(schema, value), isRight, said)
      const errors = await errorsOf(stringify(value).replace('${PID}', '${PID:-7}'), good, catalogue)
      assert.equal(errors.length === 0, isRight, `${said}: ${errors.join('; ')}`)
    }
    const over = stackSchema(catalogue, 'part')
    assert.deepEqual(complaints(over, {services: {a: {attach: {pid: 1}}, b: {type: 'process', attach: {pid: 1}}}}), [])
  })

  it('asks for nothing in a file that is laid over another', () => {
    const over = stackSchema(catalogue, 'part')
    const parts: readonly Json[] = [
      {services: {a: {replicas: 2}, b: {args: ['a'], health_check: {interval: '1s'}, restart: {delay: '1s'}}}},
      {services: {a: {target: {args: ['b']}}, b: null}, tasks: {a: {timeout: '1s', config: {x: 1}}}},
      {},
    ]
    for (const each of parts) assert.deepEqual(complaints(over, each), [])
    assert.equal(accepts(over, {services: {a: {replica: 2}}}), false)
    assert.equal(accepts(over, {services: {a: {health_check: {intervall: '1s'}}}}), false)
  })

  for (const map of names) {
    it(`says of every key of ${map} what it means, with an example that it accepts`, () => {
      const definitions = schema['$defs'] as JsonObject
      const definition = (map === 'stack' ? schema : definitions[definitionOf(map)]) as JsonObject
      const properties = definition['properties'] as Readonly<Record<string, JsonObject>>
      for (const key of keyNames[map]) {
        const property = properties[key] ?? {}
        assert.match(property['description'] as string, /^[^[\]]+[.:?!]$/, key)
        const [example = null] = (property['examples'] ?? []) as readonly Json[]
        // No plugin that is installed has the others.
        if (!['service_type', 'action', 'config'].includes(key)) {
          assert.deepEqual(complaints({...property, $defs: definitions}, example), [], key)
        }
      }
    })
  }
})

/** What the catalogue has, a layer of a plugin, and an executor of a plugin that takes anything. */
function withExecutor(catalogue: Catalogue, kind: string): Catalogue {
  const {names} = catalogue
  const process = catalogue.executor('process')
  const local = catalogue.layer('local')
  return {
    ...catalogue,
    executor: (wanted) =>
      wanted === kind && process ? {...process, kind, specSchema: {}} : catalogue.executor(wanted),
    layer: (wanted) => (wanted === 'ssh' && local ? {...local, kind: 'ssh', specSchema: {}} : catalogue.layer(wanted)),
    names: {...names, executors: [...names.executors, kind], layers: [...names.layers, 'ssh']},
  }
}

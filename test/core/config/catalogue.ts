import type {Json, JsonSchema} from '../../../src/core/base/json.js'
import type {Catalogue} from '../../../src/core/contract/catalogue.js'
import type {Executor} from '../../../src/core/contract/executor.js'
import {localLayer} from '../../../src/core/command/local-layer.js'
import type {Layer} from '../../../src/core/contract/layer.js'
import type {ServiceType} from '../../../src/core/contract/service-type.js'
import type {TaskType} from '../../../src/core/contract/task-type.js'

const strings = {type: 'array', items: {type: 'string'}}

function never(): never {
  throw new Error('Nothing is run while a stack file is checked.')
}

function executor(kind: string, ownership: 'attached' | 'managed', specSchema: JsonSchema<unknown>): Executor {
  return {
    kind,
    capabilities: {
      exec: false,
      signal: false,
      recover: false,
      ownership,
      local: true,
      hostPorts: ownership === 'managed',
      layers: ownership === 'managed',
    },
    specSchema,
    handleVersion: 1,
    fingerprint: never,
    intent: never,
    start: never,
    recover: never,
  }
}

function object(properties: Readonly<Record<string, object>>, required: readonly string[] = []): JsonSchema<unknown> {
  return {type: 'object', properties, required, additionalProperties: false}
}

const executors = [
  executor(
    'process',
    'managed',
    object(
      {
        binary: {type: 'string'},
        args: strings,
        working_dir: {type: 'string'},
        stdin: {enum: ['open', 'closed']},
        nice: {type: 'integer', minimum: -20},
      },
      ['binary'],
    ),
  ),
  executor('process-attach', 'attached', object({pid: {type: 'integer'}, pid_file: {type: 'string'}})),
]

const serviceTypes: ServiceType[] = [
  {
    type: 'web',
    summary: 'A site.',
    configSchema: object({root: {type: 'string'}}, ['root']),
    defaults: () => ({
      target: {type: 'process', spec: {binary: 'httpd'}},
      endpoints: [{name: 'url', protocol: 'http', host: 'localhost', port: 80}],
    }),
  },
  {type: 'bare', summary: 'Brings nothing.', configSchema: object({}), defaults: () => ({})},
]

const taskTypes: TaskType[] = [
  {
    type: 'command',
    summary: 'Runs its target.',
    input: object({}),
    output: {},
    target: 'required',
    run: never,
  },
  {
    type: 'sql',
    summary: 'Runs a query.',
    input: object({query: {type: 'string'}, database: {type: 'string'}}, ['query']),
    output: {},
    dependsOn: (input) => [{kind: 'service', name: databaseOf(input as Json)}],
    run: never,
  },
]

function databaseOf(input: Json): string {
  return (input as {readonly database?: string}).database ?? 'db'
}

/** One that leads nowhere, and that of harness itself. */
const layers: Layer[] = [
  localLayer,
  {
    kind: 'far',
    specSchema: object({host: {type: 'string'}}, ['host']),
    describe: () => 'far',
    wrap: never,
  },
]

/** What a daemon with a process executor, two service types and two task types knows. */
export const catalogue: Catalogue = {
  layer: (kind) => layers.find((each) => each.kind === kind),
  executor: (kind) => executors.find((each) => each.kind === kind),
  serviceType: (type) => serviceTypes.find((each) => each.type === type),
  taskType: (type) => taskTypes.find((each) => each.type === type),
  names: {
    executors: executors.map((each) => each.kind).sort(),
    layers: layers.map((each) => each.kind).sort(),
    serviceTypes: serviceTypes.map((each) => each.type).sort(),
    taskTypes: taskTypes.map((each) => each.type).sort(),
  },
  types: [],
  plugins: [],
  problems: [],
}

import {isName} from '../base/ids.js'
import type {Executor} from '../contract/executor.js'
import type {HarnessPlugin} from '../contract/plugin.js'
import type {CollectedPlugin} from './collected-plugin.js'
import type {SavedHandle, WorkloadHandle} from '../contract/workload.js'
import type {Blame} from './blame.js'
import {type Expected, shapeProblems} from './shape.js'
import {type TypeList, typeNames} from './type-names.js'

const optional = (expected: Expected): Expected => ({optional: expected})
const listOf = (expected: Expected): Expected => ({listOf: expected})

const action: Expected = {
  fields: {summary: 'string', input: 'object', output: 'object', event: optional('object'), run: 'function'},
}
const layer: Expected = {
  fields: {
    kind: 'string',
    specSchema: 'object',
    local: optional('boolean'),
    wrap: 'function',
    describe: 'function',
  },
}
const setup: Expected = {fields: {isComplete: 'function', perform: 'function', validate: optional('function')}}
const serviceType: Expected = {
  fields: {
    type: 'string',
    summary: 'string',
    configSchema: 'object',
    defaults: 'function',
    setup: optional(setup),
    actions: optional({tableOf: action}),
    event: optional('object'),
    processEvent: optional('function'),
  },
}
const taskType: Expected = {
  fields: {
    type: 'string',
    summary: 'string',
    input: 'object',
    output: 'object',
    event: optional('object'),
    target: optional({oneOf: ['none', 'required']}),
    dependsOn: optional('function'),
    isComplete: optional('function'),
    run: 'function',
    processEvent: optional('function'),
  },
}
const plugin: Expected = {
  exact: true,
  fields: {
    name: 'string',
    requires: optional(listOf('string')),
    executors: optional(listOf('function')),
    layers: optional(listOf(layer)),
    serviceTypes: optional(listOf(serviceType)),
    taskTypes: optional(listOf(taskType)),
  },
}
const executor: Expected = {
  fields: {
    kind: 'string',
    capabilities: {
      fields: {
        exec: 'boolean',
        signal: 'boolean',
        recover: 'boolean',
        ownership: {oneOf: ['attached', 'managed']},
        local: 'boolean',
        layers: optional('boolean'),
      },
    },
    specSchema: 'object',
    handleVersion: 'number',
    fingerprint: 'function',
    intent: 'function',
    start: 'function',
    recover: 'function',
  },
}
const workload: Expected = {
  fields: {
    id: 'string',
    place: 'object',
    startedAt: 'number',
    endpoints: listOf('object'),
    events: {fields: {subscribe: 'function'}},
    logs: listOf('object'),
    save: 'function',
    wait: 'function',
    stop: 'function',
    destroy: 'function',
    release: 'function',
  },
}
const savedHandle: Expected = {fields: {executor: 'string', version: 'number', id: 'string'}}

/** Makes sure that what a hook answered is a plugin. Throws an error that names the fields that are not. */
export function checkPlugin(value: unknown): HarnessPlugin {
  refuse('its hook answered no plugin', shapeProblems(value, plugin, 'plugin'))
  return value as HarnessPlugin
}

/** Makes sure that what an executor factory answered is an executor. */
export function checkExecutor(value: unknown, where: string): Executor {
  refuse('it made no executor', shapeProblems(value, executor, where))
  return value as Executor
}

/** Makes sure that what an executor started, or found, is the handle of a workload. */
export function checkHandle(by: Blame, handle: unknown): WorkloadHandle {
  by.sync('it gave no workload', () => {
    refuse('what it answered', shapeProblems(handle, workload, 'handle'))
  })
  return handle as WorkloadHandle
}

/** Makes sure that an executor says how a workload is found again, in JSON. */
export function checkSaved(by: Blame, intent: () => unknown): SavedHandle {
  return by.sync('intent', () => {
    const saved = JSON.parse(JSON.stringify(intent() ?? null)) as unknown
    refuse('what it answered', shapeProblems(saved, savedHandle, 'handle'))
    return saved as SavedHandle
  })
}

/** Makes sure that the types of one plugin can be named in a stack file, and that none stands there twice. */
export function checkTypeNames(plugin: Pick<CollectedPlugin, TypeList>): void {
  for (const [sort, names] of typeNames(plugin)) {
    for (const [index, name] of names.entries()) {
      const valid: boolean = isName(name)
      if (!valid) throw new Error(`it gives a ${sort} the name '${name}', expected one like 'my-type_1'`)
      if (names.indexOf(name) !== index) throw new Error(`it brings the ${sort} '${name}' twice`)
    }
  }
}

function refuse(what: string, problems: readonly string[]): void {
  if (problems.length === 0) return
  const more = problems.length > 3 ? `; and ${problems.length - 3} more` : ''
  throw new Error(`${what}: ${problems.slice(0, 3).join('; ')}${more}`)
}

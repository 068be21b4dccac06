import {messageOf} from '../base/errors.js'
import type {Json} from '../base/json.js'
import type {Catalogue} from '../contract/catalogue.js'
import type {Diagnostic} from '../contract/diagnostic.js'
import type {ServiceDefinition, StackDefinition, TargetDefinition, TaskDefinition} from '../contract/stack.js'
import {checkLayers, type Types} from './check-layers.js'
import {checkValue} from './check-value.js'
import {defaultsOf, typeDefaults} from './endpoints.js'
import {pointerTo} from './reading.js'
import {serviceKeys} from './service-keys.js'
import {unknownType} from './unknown-type.js'

/** Types that no plugin brings, and values that do not fit the schemas of those that are there. */
export function checkTypes(
  definition: StackDefinition,
  catalogue: Catalogue,
  notInstalled: Diagnostic['severity'] = 'error',
): Diagnostic[] {
  const types: Types = {catalogue, notInstalled, lacking: lackingPlugins(definition, catalogue)}
  return [
    ...Object.entries(definition.services).flatMap(([name, service]) => checkService(types, name, service)),
    ...Object.entries(definition.tasks).flatMap(([name, task]) => checkTask(types, name, task)),
  ]
}

/** Of those that the file names; which version is installed is not asked. */
function lackingPlugins({plugins = []}: StackDefinition, catalogue: Catalogue): readonly string[] {
  const installed = new Set(catalogue.plugins.map(({name}) => name))
  return plugins.filter((plugin) => !installed.has(plugin.replace(/(?<=.)@.*$/, '')))
}

function checkService(types: Types, name: string, service: ServiceDefinition): Diagnostic[] {
  const pointer = pointerTo('/services', name)
  const path = `services.${name}`
  return [
    ...checkServiceType(types, service, {pointer, path}),
    ...(service.target ? checkTarget(types, service.target, {pointer, path, sort: 'service'}) : []),
    ...checkLayers(types, service, {
      pointer,
      path,
      ports: service.ports,
      target: service.target ?? typeDefaults(service, types.catalogue)?.target,
    }),
  ]
}

interface Where {
  readonly pointer: string
  readonly path: string
}

function checkServiceType(types: Types, service: ServiceDefinition, {pointer, path}: Where): Diagnostic[] {
  const {catalogue, ...when} = types
  const {serviceType} = service
  const typePointer = pointerTo(pointer, 'serviceType')
  if (serviceType === undefined) return service.target ? [] : [missing(pointer, `${path} needs a target.`)]
  const type = catalogue.serviceType(serviceType)
  if (type === undefined) {
    const known = {names: catalogue.names.serviceTypes, pointer: typePointer, ...when}
    return [unknownType('service type', serviceType, known)]
  }
  const problems = checkValue(type.configSchema, service.config ?? {}, {
    pointer: pointerTo(pointer, 'config'),
    path: `${path}.config`,
    owner: `service type '${serviceType}'`,
  })
  if (problems.length > 0) return problems
  const defaults = asked(() => defaultsOf(type, service))
  if ('error' in defaults) {
    if (service.target === undefined)
      return [
        missing(pointer, `${path} needs a target: service type '${serviceType}' cannot tell one: ${defaults.error}.`),
      ]
    return [refused(typePointer, `${path}: service type '${serviceType}' cannot tell its defaults: ${defaults.error}.`)]
  }
  const {target} = defaults.answer
  if (service.target !== undefined) return []
  if (target !== undefined) return checkTarget(types, target, {pointer, path, sort: 'service'})
  return [missing(pointer, `${path} needs a target: service type '${serviceType}' brings none.`)]
}

/** What a type answers, or why it does not. */
function asked<T>(ask: () => T): {readonly answer: T} | {readonly error: string} {
  try {
    return {answer: ask()}
  } catch (error) {
    return {error: messageOf(error).replace(/\.$/, '')}
  }
}

function checkTask(types: Types, name: string, task: TaskDefinition): Diagnostic[] {
  const {catalogue, ...when} = types
  const pointer = pointerTo('/tasks', name)
  const path = `tasks.${name}`
  const around = checkLayers(types, task, {pointer, path, ports: [], target: task.target})
  const target = task.target ? checkTarget(types, task.target, {pointer, path: `${path}.target`, sort: 'task'}) : []
  const type = catalogue.taskType(task.taskType)
  if (type === undefined) {
    const at = {names: catalogue.names.taskTypes, pointer: pointerTo(pointer, 'taskType'), ...when}
    return [unknownType('task type', task.taskType, at), ...target, ...around]
  }
  const problems = checkValue(type.input, task.input, {
    pointer: pointerTo(pointer, 'input'),
    path: `${path}.${typeof task.input['type'] === 'string' ? 'action' : 'config'}`,
    owner: `task type '${task.taskType}'`,
  })
  const edges = problems.length === 0 ? asked(() => type.dependsOn?.(task.input as Json)) : {answer: undefined}
  const unasked =
    'error' in edges
      ? [refused(pointer, `${path}: task type '${task.taskType}' cannot tell what it needs: ${edges.error}.`)]
      : []
  return [
    ...problems,
    ...unasked,
    ...checkTaskTarget(task, type.target ?? 'none', {pointer, path}),
    ...target,
    ...around,
  ]
}

function refused(pointer: string, message: string): Diagnostic {
  return {severity: 'error', code: 'CONFIG_INVALID_VALUE', message, pointer}
}

function checkTaskTarget(task: TaskDefinition, wanted: 'none' | 'required', {pointer, path}: Where): Diagnostic[] {
  if (wanted === 'required' && task.target === undefined) {
    return [missing(pointer, `${path} needs a target: task type '${task.taskType}' runs one.`)]
  }
  if (wanted === 'required' || task.target === undefined) return []
  const message = `${path}.target is not used: task type '${task.taskType}' takes no target.`
  return [{severity: 'error', code: 'CONFIG_UNKNOWN_KEY', message, pointer: pointerTo(pointer, 'target')}]
}

function checkTarget(
  {catalogue, ...when}: Types,
  target: TargetDefinition,
  {pointer, path, sort}: Where & {readonly sort: 'service' | 'task'},
): Diagnostic[] {
  const at = pointerTo(pointer, 'target')
  const executor = catalogue.executor(target.type)
  if (executor === undefined) {
    const where = {names: catalogue.names.executors, pointer: pointerTo(at, 'type'), ...when}
    return [unknownType('target type', target.type, where)]
  }
  return checkValue(executor.specSchema, target.spec, {
    pointer: pointerTo(at, 'spec'),
    path,
    owner: sort === 'service' ? `a ${target.type} service` : `a ${target.type} target`,
    // The keys of the service can stand beside the target's: one that was meant for either is found.
    alsoKnown: sort === 'service' ? serviceKeys : [],
  })
}

function missing(pointer: string, message: string): Diagnostic {
  const suggestion = "write 'target: {type: process, binary: PROGRAM}'"
  return {severity: 'error', code: 'CONFIG_MISSING_KEY', message, pointer, suggestion}
}

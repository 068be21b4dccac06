import type {JsonObject} from '../base/json.js'
import {isJsonObject} from '../base/json.js'
import type {TaskDefinition} from '../contract/stack.js'
import {openFields, type Fields} from './fields.js'
import type {Place} from './node.js'
import {readDependencies} from './read-dependencies.js'
import {checkName, readLogs, refuseBoth, type Defaults} from './read-entry.js'
import {mergeEnv, readEnv, readInheritEnv} from './read-env.js'
import {readJson} from './read-json.js'
import {readTarget} from './read-target.js'
import {mark, pointerTo, type Reading} from './reading.js'
import {expected, readDuration, readText} from './values.js'

const taskKeys = [
  'task_type',
  'target',
  'action',
  'config',
  'name',
  'description',
  'env',
  'inherit_env',
  'dependencies',
  'timeout',
  'shutdown_timeout',
  'logs',
] as const

/** A task. Always answers a whole definition: what is wrong is reported and has its default. */
export function readTask(reading: Reading, key: string, place: Place, defaults: Defaults): TaskDefinition {
  const pointer = pointerTo('/tasks', key)
  mark(reading, pointer, place)
  const field = openFields(reading, place, {keys: taskKeys, what: 'a task'})
  checkName(reading, key, place, field('name'))
  readText(reading, field('description'))
  const {target, env} = readTarget(reading, field('target'), pointerTo(pointer, 'target'), ['env'])
  const at = (name: string): string => pointerTo(pointer, name)
  return {
    taskType: readTaskType(reading, place, field('task_type'), at('taskType')),
    input: readInput(reading, field, place, at('input')),
    ...(target === undefined ? {} : {target}),
    env: mergeEnv(reading, [defaults.env, readEnv(reading, env), readEnv(reading, field('env'))], at('env')),
    inheritEnv: readInheritEnv(reading, field('inherit_env')),
    dependencies: readDependencies(reading, field('dependencies'), at('dependencies')),
    timeoutMs: readDuration(reading, field('timeout')) ?? 600_000,
    retry: {retries: 0, delayMs: 1000, factor: 2, maxDelayMs: 60_000, jitter: 0.1},
    graceMs: readDuration(reading, field('shutdown_timeout')) ?? defaults.graceMs ?? 10_000,
    logs: readLogs(reading, field('logs')),
  }
}

function readTaskType(reading: Reading, place: Place, type: Place | undefined, pointer: string): string {
  if (type === undefined && place.node.kind === 'map') {
    const message = `${place.path} needs a 'task_type'.`
    const suggestion = "write 'task_type: command' to run its target"
    reading.problems.add(place, {code: 'CONFIG_MISSING_KEY', message, suggestion}, 'key')
  }
  mark(reading, pointer, type ?? place)
  return readText(reading, type) ?? 'command'
}

function readInput(
  reading: Reading,
  field: Fields<(typeof taskKeys)[number]>,
  task: Place,
  pointer: string,
): JsonObject {
  refuseBoth(reading, field('action'), field('config'), "a task's input stands under one of them")
  const place = field('action') ?? field('config')
  mark(reading, pointer, place ?? task)
  if (place === undefined) return {}
  const input = readJson(reading, place, pointer)
  return isJsonObject(input) ? input : expected(reading, place, 'a map', {otherwise: {}})
}

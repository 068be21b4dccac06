import type {JsonObject} from '../base/json.js'
import {isJsonObject} from '../base/json.js'
import type {TaskDefinition} from '../contract/stack.js'
import {openFields, type Fields} from './fields.js'
import {keyNames} from './keys/names.js'
import type {Place} from './node.js'
import {readCommandLine} from './read-command-line.js'
import {readDependencies} from './read-dependencies.js'
import {readEnvFiles} from './read-env-files.js'
import {checkName, readLogs, refuseBoth, type Defaults} from './read-entry.js'
import {inheritedBut, mergeEnv, readEnv, readInheritEnv} from './read-env.js'
import {readJson} from './read-json.js'
import {readLayers} from './read-layers.js'
import {readRetries} from './read-retries.js'
import {readSchedule} from './read-schedule.js'
import {readTarget} from './read-target.js'
import {mark, pointerTo, type Reading} from './reading.js'
import {expected, readDuration, readTemplate, readText} from './values.js'

/** The keys of a task in the stack file. */
export const taskKeys = keyNames.task

type TaskFields = Fields<(typeof taskKeys)[number]>

/** A task. Always answers a whole definition: what is wrong is reported and has its default. */
export function readTask(reading: Reading, key: string, place: Place, defaults: Defaults): TaskDefinition {
  const pointer = pointerTo('/tasks', key)
  mark(reading, pointer, place)
  const field = openFields(reading, place, {keys: taskKeys, what: 'a task'})
  checkName(reading, key, place, field('name'))
  readText(reading, field('description'))
  const {target, env} = readTarget(reading, field('target'), pointerTo(pointer, 'target'), ['env'])
  const at = (name: string): string => pointerTo(pointer, name)
  const files = readEnvFiles(reading, field('env_file'))
  const layers = [...defaults.env, ...files, readEnv(reading, env), readEnv(reading, field('env'))]
  const inside = readLayers(reading, [...(target ? defaults.layers : []), field('layers')], at('layers'))
  const schedule = readSchedule(reading, field('schedule'), at('schedule'))
  return {
    ...defaults.home,
    taskType: readTaskType(reading, place, field('task_type'), at('taskType')),
    input: readInput(reading, field, place, at('input')),
    ...(target === undefined ? {} : {target}),
    ...(inside === undefined ? {} : {layers: inside}),
    env: mergeEnv(reading, layers, at('env')),
    inheritEnv: inheritedBut(readInheritEnv(reading, field('inherit_env')), layers),
    dependencies: readDependencies(reading, field('dependencies'), at('dependencies')),
    ...readCompleteness(reading, field, at),
    timeoutMs: readDuration(reading, field('timeout')) ?? 600_000,
    retry: readRetries(reading, field('retries')),
    ...(schedule === undefined ? {} : {schedule}),
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

/** How it is told that there is nothing left to do. */
function readCompleteness(reading: Reading, field: TaskFields, at: (name: string) => string) {
  const place = field('creates')
  if (place) mark(reading, at('creates'), place)
  const text = readTemplate(reading, place, 'a path')
  const creates = place && text === '' ? expected<string>(reading, place, 'a path') : text
  const status = readCommandLine(reading, field('status'), at('status'))
  return {...(creates === undefined ? {} : {creates}), ...(status === undefined ? {} : {status})}
}

function readInput(reading: Reading, field: TaskFields, task: Place, pointer: string): JsonObject {
  refuseBoth(reading, field('action'), field('config'), "a task's input stands under one of them")
  const place = field('action') ?? field('config')
  mark(reading, pointer, place ?? task)
  if (place === undefined) return {}
  const input = readJson(reading, place, pointer)
  return isJsonObject(input) ? input : expected(reading, place, 'a map', {otherwise: {}})
}

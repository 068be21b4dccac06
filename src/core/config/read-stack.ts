import path from 'node:path'
import {isName, toName} from '../base/ids.js'
import type {StackDefinition} from '../contract/stack.js'
import {openFields} from './fields.js'
import {keyNames} from './keys/names.js'
import {entriesOf, isNull, type Place} from './node.js'
import {onStartTimeouts, type Defaults} from './read-entry.js'
import {readEnv} from './read-env.js'
import {readService} from './read-service.js'
import {readTask} from './read-task.js'
import {mark, type Reading} from './reading.js'
import {expected, readChoice, readDuration, readName, readText} from './values.js'

const {stack: keys, settings: settingKeys} = keyNames

/** The whole file. Always answers a definition; it is good when no error was reported. */
export function readStack(
  reading: Reading,
  top: Place,
  at: {readonly file: string; readonly directory: string},
): StackDefinition {
  mark(reading, '', top)
  const field = openFields(reading, isNull(top.node) ? emptyMap(top) : top, {keys, what: 'a stack file'})
  readVersion(reading, field('version'))
  readText(reading, field('description'))
  const name = field('name')
  if (name) mark(reading, '/name', name)
  const defaults = readDefaults(reading, field('settings'), field('env'))
  const services = readEntries(reading, field('services'), defaults, readService)
  const tasks = readEntries(reading, field('tasks'), defaults, readTask)
  const readable = top.node.kind === 'map' || isNull(top.node)
  if (readable && isVoid(field('services')) && isVoid(field('tasks'))) {
    const message = 'A stack needs at least one service or task.'
    const suggestion = "begin with 'services:' and a service under it"
    reading.problems.add(top, {code: 'CONFIG_MISSING_KEY', message, suggestion})
  }
  const own = path.basename(at.directory)
  return {name: readName(reading, name) ?? (isName(own) ? own : toName(own)), ...at, services, tasks}
}

function readVersion(reading: Reading, place: Place | undefined): void {
  const version = readText(reading, place)
  if (place && version !== undefined && !/^1(\.0)?$/.test(version)) expected(reading, place, "'1'")
}

function readDefaults(reading: Reading, settings: Place | undefined, env: Place | undefined): Defaults {
  const field = settings
    ? openFields(reading, settings, {keys: settingKeys, what: 'settings'})
    : (): undefined => undefined
  return {
    env: readEnv(reading, env),
    startupTimeoutMs: readDuration(reading, field('startup_timeout')),
    graceMs: readDuration(reading, field('shutdown_timeout')),
    healthCheckIntervalMs: readDuration(reading, field('health_check_interval')) ?? 10_000,
    onStartTimeout: readChoice(reading, field('on_start_timeout'), onStartTimeouts) ?? 'keep',
  }
}

function readEntries<Definition>(
  reading: Reading,
  place: Place | undefined,
  defaults: Defaults,
  read: (reading: Reading, key: string, place: Place, defaults: Defaults) => Definition,
): Readonly<Record<string, Definition>> {
  if (place === undefined) return {}
  if (place.node.kind !== 'map') return expected(reading, place, 'a map of names', {otherwise: {}})
  return Object.fromEntries(entriesOf(place).map(([key, entry]) => [key, read(reading, key, entry, defaults)]))
}

/** Not so for what is no map: that is said of it already. */
function isVoid(place: Place | undefined): boolean {
  return place === undefined || (place.node.kind === 'map' && entriesOf(place).length === 0)
}

function emptyMap(top: Place): Place {
  return {...top, node: {kind: 'map', span: top.node.span, entries: new Map()}}
}

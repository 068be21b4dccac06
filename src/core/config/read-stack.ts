import path from 'node:path'
import {isName, packagePattern, toName} from '../base/ids.js'
import type {StackDefinition} from '../contract/stack.js'
import type {Assembled, Home} from './assemble.js'
import {openFields, type Fields} from './fields.js'
import {keyNames, type KeyOf} from './keys/names.js'
import {entriesOf, entryAt, isNull, type Place} from './node.js'
import {onStartTimeouts, type Defaults} from './read-entry.js'
import {readEnvFiles} from './read-env-files.js'
import {readEnv} from './read-env.js'
import {readNetworks} from './read-networks.js'
import {readSecrets} from './read-secrets.js'
import {readService} from './read-service.js'
import {readTask} from './read-task.js'
import {mark, type Reading} from './reading.js'
import {badName, expected, readChoice, readDuration, readList, readPause, readText} from './values.js'

type Settings = Fields<KeyOf<'settings'>>

/** The whole file. Always answers a definition; it is good when no error was reported. */
export function readStack(
  reading: Reading,
  {top, root, homes}: Assembled,
  at: Pick<StackDefinition, 'directory' | 'environment' | 'file'>,
): StackDefinition {
  mark(reading, '', top)
  const field = openFields(reading, isNull(top.node) ? emptyMap(top) : top, {
    keys: keyNames.stack,
    what: 'a stack file',
  })
  readVersion(reading, field('version'))
  readText(reading, field('description'))
  const name = field('name')
  if (name) mark(reading, '/name', name)
  const entries: Entries = {reading, root, homes, defaults: new Map(), directory: at.directory}
  const plugins = readList(reading, field('plugins'), readPlugin)
  const secrets = readSecrets(reading, field('secrets'))
  const networks = readNetworks(reading, field('networks'))
  const services = readEntries(entries, field('services'), readService)
  const tasks = readEntries(entries, field('tasks'), readTask)
  const readable = top.node.kind === 'map' || isNull(top.node)
  if (readable && isVoid(field('services')) && isVoid(field('tasks'))) {
    const message = 'A stack needs at least one service or task.'
    const suggestion = "begin with 'services:' and a service under it"
    reading.problems.add(top, {code: 'CONFIG_MISSING_KEY', message, suggestion})
  }
  return {
    name: readStackName(reading, name) ?? nameOfFolder(at.directory),
    ...at,
    ...(plugins === undefined || plugins.length === 0 ? {} : {plugins}),
    ...(secrets === undefined ? {} : {secrets}),
    ...(networks === undefined ? {} : {networks}),
    services,
    tasks,
  }
}

function readVersion(reading: Reading, place: Place | undefined): void {
  const version = readText(reading, place)
  if (place && version !== undefined && !/^1(\.0)?$/.test(version)) {
    expected(reading, place, "'1'", {
      suggestion: 'leave it out; of a Compose file make a stack file with: harness import FILE',
    })
  }
}

const packageName = new RegExp(packagePattern)

function readPlugin(reading: Reading, place: Place): string | undefined {
  const what = 'the name of a package like harness-plugin-redis'
  const text = readText(reading, place, what)
  return text === undefined || packageName.test(text) ? text : expected(reading, place, what)
}

function nameOfFolder(directory: string): string {
  const own = path.basename(directory)
  return isName(own) ? own : toName(own)
}

/** A title of words (`My Shop`) is turned into a name (`my-shop`). */
function readStackName(reading: Reading, place: Place | undefined): string | undefined {
  const text = readText(reading, place)
  if (place === undefined || text === undefined) return undefined
  const isTitle = /^[A-Za-z0-9][A-Za-z0-9_-]*(?: [A-Za-z0-9_-]+)*$/.test(text) && text.length <= 63
  if (isTitle) return toName(text)
  reading.problems.add(place, {code: 'CONFIG_INVALID_NAME', ...badName(`${place.path}: '${text}'`, text)})
  return undefined
}

interface Entries {
  readonly reading: Reading
  readonly root: Home
  readonly homes: Assembled['homes']
  /** Read once for all that are at home together. */
  readonly defaults: Map<Home, Defaults>
  readonly directory: string
}

function readEntries<Definition>(
  entries: Entries,
  place: Place | undefined,
  read: (reading: Reading, key: string, place: Place, defaults: Defaults) => Definition,
): Readonly<Record<string, Definition>> {
  const {reading, root, homes} = entries
  // Settings are checked also when there is nothing that they hold for.
  defaultsOf(entries, root)
  if (place === undefined) return {}
  if (place.node.kind !== 'map') return expected(reading, place, 'a map of names', {otherwise: {}})
  return Object.fromEntries(
    entriesOf(place).map(([key, entry]) => {
      const home = homes.get(entry.path) ?? root
      const {variables} = home
      return [key, read({...reading, variables}, key, entry, defaultsOf(entries, home))]
    }),
  )
}

function defaultsOf(entries: Entries, home: Home): Defaults {
  const known = entries.defaults.get(home)
  if (known) return known
  const reading = {...entries.reading, variables: home.variables}
  const scopes = home.scopes.map((top) => settingsOf(reading, top))
  const nearest: Settings = (key) => scopes.map((field) => field(key)).findLast((place) => place !== undefined)
  const defaults: Defaults = {
    home: home.directory === entries.directory ? {} : {directory: home.directory},
    env: home.scopes.flatMap((top) => [
      ...readEnvFiles(reading, valueAt(top, 'env_file')),
      readEnv(reading, valueAt(top, 'env')),
    ]),
    layers: home.scopes.map((top) => valueAt(top, 'layers')),
    startupTimeoutMs: readDuration(reading, nearest('startup_timeout')),
    graceMs: readDuration(reading, nearest('shutdown_timeout')),
    healthCheckIntervalMs: readPause(reading, nearest('health_check_interval')) ?? 10_000,
    onStartTimeout: readChoice(reading, nearest('on_start_timeout'), onStartTimeouts) ?? 'keep',
  }
  entries.defaults.set(home, defaults)
  return defaults
}

function settingsOf(reading: Reading, top: Place): Settings {
  const settings = valueAt(top, 'settings')
  return settings ? openFields(reading, settings, {keys: keyNames.settings, what: 'settings'}) : () => undefined
}

function valueAt(top: Place, key: KeyOf<'stack'>): Place | undefined {
  const place = entryAt(top, key)
  return place && !isNull(place.node) ? place : undefined
}

/** Not so for what is no map: that is said of it already. */
function isVoid(place: Place | undefined): boolean {
  return place === undefined || (place.node.kind === 'map' && entriesOf(place).length === 0)
}

function emptyMap(top: Place): Place {
  return {...top, node: {kind: 'map', span: top.node.span, entries: new Map()}}
}

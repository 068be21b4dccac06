import type {Probe} from '../contract/probe.js'
import type {ServiceDefinition} from '../contract/stack.js'
import {openFields, type Fields} from './fields.js'
import {entriesOf, entryAt, type Place} from './node.js'
import {suggestKey, typeWith} from './other-names.js'
import {readCommandLine} from './read-command-line.js'
import {readDependencies} from './read-dependencies.js'
import {readEnvFiles} from './read-env-files.js'
import {checkName, onStartTimeouts, readLogs, refuseBoth, type Defaults} from './read-entry.js'
import {inheritedBut, mergeEnv, readEnv, readInheritEnv} from './read-env.js'
import {readHealthCheck} from './read-health-check.js'
import {readJson} from './read-json.js'
import {readLayers} from './read-layers.js'
import {readPorts} from './read-ports.js'
import {readRestart} from './read-restart.js'
import {readSignal} from './read-signal.js'
import {readShortTarget, readTarget, type ReadTarget} from './read-target.js'
import {readWatch} from './read-watch.js'
import {serviceKeys, type ServiceKey} from './service-keys.js'
import {mark, pointerTo, type Reading} from './reading.js'
import {readChoice, readDuration, readList, readName, readNumber, readText} from './values.js'

/** A service in either spelling. Always answers a definition: what is wrong is reported and is as if it were missing. */
export function readService(reading: Reading, key: string, place: Place, defaults: Defaults): ServiceDefinition {
  const pointer = pointerTo('/services', key)
  mark(reading, pointer, place)
  const field = openService(reading, place)
  checkName(reading, key, place, field('name'))
  readText(reading, field('description'))
  const {target, env, ports} = readAnyTarget(reading, place, field, pointerTo(pointer, 'target'))
  refuseBoth(reading, field('ports'), ports, 'give the ports once')
  const serviceType = readText(reading, field('service_type'))
  const config = field('config')
  const type = field('service_type')
  if (type) mark(reading, pointerTo(pointer, 'serviceType'), type)
  const at = (name: string): string => pointerTo(pointer, name)
  const files = readEnvFiles(reading, field('env_file'))
  const layers = [...defaults.env, ...files, readEnv(reading, env), readEnv(reading, field('env'))]
  return {
    ...defaults.home,
    ...readPlacement(reading, field, at),
    ...(serviceType === undefined ? {} : {serviceType}),
    ...(config === undefined ? {} : {config: readJson(reading, config, at('config'))}),
    ...(target === undefined ? {} : {target}),
    ...given('layers', readLayers(reading, [...defaults.layers, field('layers')], at('layers'))),
    env: mergeEnv(reading, layers, at('env')),
    inheritEnv: inheritedBut(readInheritEnv(reading, field('inherit_env')), layers),
    ports: readPorts(reading, field('ports') ?? ports, at('ports')),
    dependencies: readDependencies(reading, field('dependencies'), at('dependencies')),
    ...readProbes(reading, field, at, defaults),
    ...given('restart', readRestart(reading, field('restart'))),
    ...given('stopCommand', readCommandLine(reading, field('stop_command'), at('stopCommand'))),
    ...readEnding(reading, field, defaults),
    ...readBeginning(reading, field, defaults),
    replicas: readReplicas(reading, field('replicas'), at('replicas')),
    watch: readWatch(reading, field('watch'), at('watch')),
    logs: readLogs(reading, field('logs')),
  }
}

/** In the short spelling any other key may be the target's: the daemon knows. Where the type is missing that is said, and not of its keys. */
function openService(reading: Reading, place: Place): Fields<ServiceKey> {
  const keys = entriesOf(place).map(([key]) => key)
  const [short, long, typed] = [entryAt(place, 'type'), entryAt(place, 'target'), entryAt(place, 'service_type')]
  const isNowhere = long === undefined && typed === undefined
  const known = short ? keys : isNowhere ? keys.filter((key) => suggestKey(key, serviceKeys) === undefined) : []
  return openFields<string>(reading, place, {keys: [...serviceKeys, ...known], what: 'a service'})
}

function readAnyTarget(reading: Reading, place: Place, field: Fields<ServiceKey>, pointer: string): ReadTarget {
  const [short, long] = [field('type'), field('target')]
  refuseBoth(reading, short, long, "write 'type' with the target's fields beside it, or 'target'")
  if (long) return readTarget(reading, long, pointer, ['env', 'ports'])
  if (short) return readShortTarget(reading, place, pointer, serviceKeys)
  if (place.node.kind === 'map' && field('service_type') === undefined) {
    const message = `${place.path} does not say where it runs: it needs a 'type', a 'target' or a 'service_type'.`
    const type = typeWith(entriesOf(place).map(([key]) => key)) ?? 'process'
    const suggestion = `write 'type: ${type}'`
    reading.problems.add(place, {code: 'CONFIG_MISSING_KEY', message, suggestion}, 'key')
  }
  return {}
}

/** When it is taken, and through which network it is reached. */
function readPlacement(reading: Reading, field: Fields<ServiceKey>, at: (name: string) => string) {
  const [profilesAt, networkAt] = [field('profiles'), field('network')]
  if (profilesAt) mark(reading, at('profiles'), profilesAt)
  if (networkAt) mark(reading, at('network'), networkAt)
  const profiles = readList(reading, profilesAt, readName) ?? []
  return {
    ...given('profiles', profiles.length === 0 ? undefined : profiles),
    ...given('network', readName(reading, networkAt)),
  }
}

function readProbes(reading: Reading, field: Fields<ServiceKey>, at: (name: string) => string, defaults: Defaults) {
  const read = (place: Place | undefined, pointer: string): Probe | undefined =>
    readHealthCheck(reading, place, pointer, defaults.healthCheckIntervalMs)
  return {
    ...given('healthCheck', read(field('health_check'), at('healthCheck'))),
    ...given('liveness', read(field('liveness'), at('liveness'))),
  }
}

function readReplicas(reading: Reading, place: Place | undefined, pointer: string): number {
  if (place) mark(reading, pointer, place)
  return readNumber(reading, place, {min: 0, max: 1000}) ?? 1
}

function readBeginning(reading: Reading, field: Fields<ServiceKey>, defaults: Defaults) {
  return {
    ...given('startupTimeoutMs', readDuration(reading, field('startup_timeout')) ?? defaults.startupTimeoutMs),
    minUptimeMs: readDuration(reading, field('min_uptime')) ?? 0,
    onStartTimeout: readChoice(reading, field('on_start_timeout'), onStartTimeouts) ?? defaults.onStartTimeout,
  }
}

function readEnding(reading: Reading, field: Fields<ServiceKey>, defaults: Defaults) {
  const codes = readList(reading, field('success_exit_codes'), (_, item) =>
    readNumber(reading, item, {min: 0, max: 255}),
  )
  return {
    ...given('stopSignal', readSignal(reading, field('stop_signal'))),
    ...given('graceMs', readDuration(reading, field('shutdown_timeout')) ?? defaults.graceMs),
    successExitCodes: [...new Set([0, ...(codes ?? [])])],
    successSignals: [...new Set(readList(reading, field('success_signals'), readSignal))],
  }
}

/** What is missing stays out: the service type may bring it. */
function given<Key extends string, Value>(key: Key, value: Value | undefined): Readonly<Partial<Record<Key, Value>>> {
  return (value === undefined ? {} : {[key]: value}) as Partial<Record<Key, Value>>
}

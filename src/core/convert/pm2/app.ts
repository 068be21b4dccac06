import type {Json, JsonObject} from '../../base/json.js'
import type {Origin} from '../converted.js'
import {endless} from '../endless.js'
import {given} from '../given.js'
import {literal} from '../literal.js'
import type {Part} from '../part.js'
import {relocate, workingDirectory} from '../relocate.js'
import {readProgram} from './program.js'
import {unsupportedOfApp} from './unsupported.js'

export interface ReadApp {
  readonly fields: JsonObject
  /** What `env_NAME` changes, by NAME. */
  readonly environments: Readonly<Record<string, JsonObject>>
}

/** One app as a service. Nothing is filled in by pm2: every `$` is one. */
export function readApp(origin: Origin, part: Part, name: string): ReadApp {
  const script = part.text('script') ?? part.text('exec') ?? part.wrong('script', 'a script', undefined)
  const environments = readEnvironments(part)
  const file = part.value('env_file') === undefined ? undefined : part.text('env_file')
  const fields = given({
    type: 'process',
    ...readProgram(part, script),
    ...workingDirectory(origin, directoryOf(part)),
    env_file: file === undefined ? undefined : {path: literal(relocate(origin, file)), required: false},
    env: readEnv(part, 'env'),
    inherit_env: undefined,
    replicas: readInstances(part, name),
    restart: readRestart(part),
    stop_signal: part.text('kill_signal'),
    shutdown_timeout: milliseconds(part, 'kill_timeout') ?? '1600ms',
    min_uptime: undefined,
    watch: readWatching(part),
  })
  for (const key of ['name', 'exec_mode', 'min_uptime']) part.value(key)
  part.leftOvers(unsupportedOfApp)
  return {fields, environments}
}

function directoryOf(part: Part): string | undefined {
  const directory = part.text('cwd')
  return directory === undefined ? undefined : literal(directory)
}

function readEnv(part: Part, key: string): JsonObject {
  const env = part.part(key)
  return Object.fromEntries(env?.keys.map((name) => [name, literal(env.text(name) ?? '')]) ?? [])
}

/** `env_production` holds with `--env production`. */
function readEnvironments(part: Part): Readonly<Record<string, JsonObject>> {
  const keys = part.keys.filter((key) => key.startsWith('env_') && key !== 'env_file')
  return Object.fromEntries(keys.map((key) => [key.slice('env_'.length), readEnv(part, key)]))
}

function readInstances(part: Part, name: string): Json | undefined {
  const text = part.text('instances') ?? '1'
  const isCluster = /^cluster/.test(part.text('exec_mode') ?? '') || part.values['instances'] !== undefined
  if (text === '1') return undefined
  if (!/^[1-9]\d*$/.test(text)) {
    part.note('instances', `'${text}' is one for each processor there: write \`replicas\``)
    return undefined
  }
  if (isCluster) {
    part.note(
      'instances',
      `are ${text} services, ${name}, ${name}-2, …: they cannot listen at one port, as those of a cluster do; HARNESS_REPLICA counts them from 1`,
    )
  }
  return Number(text)
}

/** pm2 starts again whatever ends, unless it is told not to. */
function readRestart(part: Part): JsonObject | undefined {
  const again = part.value('autorestart') === undefined ? true : part.flag('autorestart')
  const rising = milliseconds(part, 'exp_backoff_restart_delay')
  const delay = rising ?? milliseconds(part, 'restart_delay') ?? '0ms'
  const most = part.number('max_restarts') ?? 16
  const stable = durationOf(part.text('min_uptime')) ?? '1s'
  if (!again) return undefined
  const pace = rising === undefined ? {factor: 1} : {factor: 1.5, max_delay: '15s'}
  const limit = {max_attempts: Math.min(most, endless), window: '24d', reset_after: stable}
  return {policy: 'always', delay, ...pace, jitter: 0, ...limit}
}

function milliseconds(part: Part, key: string): string | undefined {
  const value = part.number(key)
  return value === undefined ? undefined : `${value}ms`
}

/** Milliseconds, or a number with `s`, `m` or `h`. */
function durationOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  return /^\d+$/.test(text) ? `${text}ms` : /^\d+[smh]$/.test(text) ? text : undefined
}

function readWatching(part: Part): Json {
  const value = part.value('watch')
  const ignore = part.oneOrMore('ignore_watch').map(asPattern)
  const delay = milliseconds(part, 'watch_delay')
  if (value === undefined || value === false) return []
  const paths = value === true ? ['.'] : part.oneOrMore('watch')
  return given({
    paths: paths.map(literal),
    ignore: ['**/node_modules', ...ignore.filter((each) => each !== '**/node_modules')],
    debounce: delay,
  })
}

/** A name is one at any depth. */
function asPattern(text: string): string {
  return literal(text.includes('/') || text.includes('*') ? text : `**/${text}`)
}

import type {Action, JsonSchema, ProcessEvent, ServiceContext, ServiceType} from '@service-harness/cli/plugin'
import {ask, type Reply} from './ask.js'

export interface RedisConfig {
  /** How many databases it has. @default 16 */
  readonly databases?: number
}

type Context = ServiceContext<RedisConfig>

function object<T>(properties: object, required = Object.keys(properties)): JsonSchema<T> {
  return {type: 'object', properties, required, additionalProperties: false}
}

const key = {type: 'string', minLength: 1, description: 'The key.'}

function askIt(context: Context, ...command: readonly string[]): Promise<Reply> {
  return ask(context.endpoint('redis'), command, context.signal)
}

const set: Action<Context, {readonly key: string; readonly value: string; readonly ttl_secs?: number}, object> = {
  summary: 'Sets a key.',
  input: object(
    {key, value: {type: 'string'}, ttl_secs: {type: 'integer', minimum: 1, description: 'It is gone after this time.'}},
    ['key', 'value'],
  ),
  output: object({}),
  async run({key, value, ttl_secs}, context) {
    await askIt(context, 'SET', key, value, ...(ttl_secs === undefined ? [] : ['EX', String(ttl_secs)]))
    return {}
  },
}

const get: Action<Context, {readonly key: string}, {readonly value: string | null}> = {
  summary: 'Reads a key.',
  input: object({key}),
  output: object({value: {type: ['string', 'null'], description: 'null: there is no such key.'}}),
  async run({key}, context) {
    const value = await askIt(context, 'GET', key)
    return {value: value === null ? null : String(value)}
  },
}

const flush: Action<Context, object, {readonly removed: number}> = {
  summary: 'Removes all keys.',
  input: object({}),
  output: object({removed: {type: 'integer'}}),
  async run(_input, context) {
    const removed = Number(await askIt(context, 'DBSIZE'))
    await askIt(context, 'FLUSHALL')
    return {removed}
  },
}

/** What Redis says of its life. */
export type RedisEvent = {readonly what: 'ready' | 'saved'}

/** `service_type: redis`: a Redis of this machine that keeps nothing on disk. */
export const redis = {
  type: 'redis',
  summary: 'Redis, in memory.',
  configSchema: object({databases: {type: 'integer', minimum: 1, description: 'How many databases it has.'}}, []),
  defaults: ({databases = 16}: RedisConfig, {name}: {readonly name: string}) => ({
    ports: [{name: 'redis', protocol: 'tcp', port: 0}],
    target: {
      type: 'process',
      spec: {
        binary: 'redis-server',
        args: [
          ...['--port', `\${${name}.ports.redis}`, '--bind', '127.0.0.1'],
          ...['--databases', String(databases), '--save', '', '--appendonly', 'no'],
        ],
      },
    },
    readiness: {
      check: {kind: 'log', pattern: 'Ready to accept connections'},
      intervalMs: 10_000,
      startIntervalMs: 50,
      startPeriodMs: 0,
      timeoutMs: 5000,
      successThreshold: 1,
      failureThreshold: 3,
    },
  }),
  actions: {set, get, flush},
  event: object<RedisEvent>({what: {enum: ['ready', 'saved']}}),
  processEvent(event: ProcessEvent): RedisEvent | undefined {
    if (event.kind !== 'line') return undefined
    if (event.text.includes('Ready to accept connections')) return {what: 'ready'}
    return event.text.includes('DB saved on disk') ? {what: 'saved'} : undefined
  },
} as const satisfies ServiceType<RedisConfig, RedisEvent>

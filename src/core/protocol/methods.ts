import type {JsonObject, JsonSchema} from '../base/json.js'
import type {LoadedPlugin, PluginProblem} from '../contract/catalogue.js'
import type {StackDefinition} from '../contract/stack.js'
import type {
  FailureReport,
  HistoryEntry,
  StackStatus,
  StartOutcome,
  StopOutcome,
  TaskStatus,
} from '../contract/status.js'
import type {PlannedStep} from './notifications.js'
import {
  array,
  boolean,
  count,
  described,
  enumOf,
  environment,
  integer,
  name,
  nullable,
  object,
  optional,
  ref,
  requestId,
  stackReference,
  string,
} from './schema-parts.js'

export interface Method<Params, Result> {
  /** One sentence for docs/protocol.md. */
  readonly summary: string
  /** The protocol version that brought it. */
  readonly since: number
  readonly params: JsonSchema<Params>
  readonly result: JsonSchema<Result>
}

function method<Params, Result>(definition: Method<Params, Result>): Method<Params, Result> {
  return definition
}

interface InitializeParams {
  readonly protocolVersion: number
  readonly client: {readonly name: string; readonly version: string}
}
export interface InitializeResult {
  readonly protocolVersion: number
  readonly daemon: {readonly version: string; readonly epoch: string; readonly pid: number}
  readonly plugins: readonly LoadedPlugin[]
}

/** A stack's id, its name where that is unique, or the absolute path of its file. */
interface OfStack {
  readonly stack: string
}
interface Some extends OfStack {
  /** Empty: all of them. */
  readonly services: readonly string[]
}
interface Mutation {
  /** Chosen by the client. The same id again is answered with the first call's result. */
  readonly requestId: string
}
interface Caller {
  /** The caller's environment, for local processes (`inherit_env`); under `secret.NAME` the values of the stack's secrets. */
  readonly env: Readonly<Record<string, string>>
}

export interface StackSummary {
  readonly stack: string
  readonly name: string
  readonly file: string
  readonly running: number
  readonly total: number
  /** The entry of `environments` that was laid over its file. */
  readonly environment?: string
  /** The stack that its file is now; it is still known by the name of before. */
  readonly renamedTo?: string
}

export interface DaemonInfo {
  readonly pid: number
  readonly version: string
  readonly epoch: string
  readonly uptimeMs: number
  readonly listeners: readonly string[]
  readonly stateDir: string
  readonly stacks: readonly StackSummary[]
  /** User plugins that were skipped. */
  readonly problems: readonly PluginProblem[]
}

/** What a service finds in its environment. */
export interface ServiceEnvironment {
  readonly service: string
  /** It runs with another definition: this is what it has after a restart. */
  readonly changed: boolean
  /** A reference without a value yet stands as it is written. */
  readonly env: Readonly<Record<string, string>>
  /** Names of the caller's variables. */
  readonly inherited: readonly string[]
}

/** How a start is carried out. */
export interface StartChoices {
  /** `false`: only what is named, as if it needed nothing. @default true */
  readonly dependencies?: boolean
  /** When anything fails, stop again what this start began. @default false */
  readonly rollback?: boolean
  /** How many services are launched at the same time. @default 4 for each processor */
  readonly parallel?: number
  /** Which services are taken when none is named: those without profiles, those of these, and those that run. @default none */
  readonly profiles?: readonly string[]
}

const profiles = () =>
  described(
    'Active ones: when no service is named, those of other profiles are left out unless they run',
    array(name()),
  )

/** What a caller gives. */
const given = () =>
  described(
    "The caller's environment, which local processes inherit; under secret.NAME the values of the stack's secrets",
    environment(),
  )

const startParams = {
  stack: stackReference(),
  env: given(),
  dependencies: optional(boolean()),
  rollback: optional(boolean()),
  parallel: optional({type: 'integer', minimum: 1}),
  profiles: optional(profiles()),
}

/** The whole protocol. Client types, server validation and docs/protocol.md all come from here. */
export const methods = {
  initialize: method<InitializeParams, InitializeResult>({
    summary: 'Opens the conversation. Nothing else is answered before it; an unequal protocol version is refused.',
    since: 1,
    params: object({protocolVersion: integer(), client: object({name: string(), version: string()})}),
    result: object({
      protocolVersion: integer(),
      daemon: object({version: string(), epoch: string(), pid: integer()}),
      plugins: array(ref('LoadedPlugin')),
    }),
  }),
  'stack.load': method<Mutation & {readonly definition: StackDefinition}, {readonly stack: string}>({
    summary:
      'Checks a stack definition and makes it known. Changes nothing that runs. Problems come back as CONFIG_INVALID with diagnostics.',
    since: 1,
    params: object({definition: ref('StackDefinition'), requestId: requestId()}),
    result: object({stack: string()}),
  }),
  'stack.list': method<Record<string, never>, {readonly stacks: readonly StackSummary[]}>({
    summary: 'The stacks that the daemon knows.',
    since: 1,
    params: object({}),
    result: object({stacks: array(ref('StackSummary'))}),
  }),
  'service.start': method<Some & Mutation & Caller & StartChoices, StartOutcome>({
    summary:
      'Starts services with what they depend on, and answers when each that was asked for has settled. Sends $/progress with a plan, then steps. Goes on when the client leaves.',
    since: 1,
    params: object({...startParams, services: array(name()), requestId: requestId()}),
    result: ref('StartOutcome'),
  }),
  'service.plan': method<
    Some & Pick<StartChoices, 'dependencies' | 'profiles'> & {readonly restart: boolean},
    {readonly steps: readonly PlannedStep[]}
  >({
    summary: 'What a start or restart would do now, and why. Changes nothing.',
    since: 1,
    params: object({
      stack: stackReference(),
      services: array(name()),
      dependencies: optional(boolean()),
      profiles: optional(profiles()),
      restart: boolean(),
    }),
    result: object({steps: array(ref('PlannedStep'))}),
  }),
  'service.stop': method<
    Some &
      Mutation & {
        readonly dependents: 'leave' | 'refuse' | 'stop'
        /** To be ended as well, or alone. When neither services nor tasks are named all are. */
        readonly tasks?: readonly string[]
        readonly timeoutMs?: number
      },
    StopOutcome
  >({
    summary:
      'Stops services in reverse order of their dependencies, and answers when nothing of them is left. What still runs `timeoutMs` after the call is forced at once (0: now), also where another stop is under way.',
    since: 1,
    params: object({
      stack: stackReference(),
      services: array(name()),
      dependents: enumOf('leave', 'refuse', 'stop'),
      tasks: optional(
        described('To be ended as well, or alone; when neither services nor tasks are named all are', array(name())),
      ),
      timeoutMs: optional(ref('Milliseconds')),
      requestId: requestId(),
    }),
    result: ref('StopOutcome'),
  }),
  'service.restart': method<Some & Mutation & Caller & StartChoices, StartOutcome>({
    summary:
      'Stops and starts services, those that ran as well as those that did not, then those that are to be restarted with them.',
    since: 1,
    params: object({...startParams, services: array(name()), requestId: requestId()}),
    result: ref('StartOutcome'),
  }),
  'service.scale': method<
    OfStack & Mutation & Caller & {readonly service: string; readonly replicas: number},
    StartOutcome & Pick<StopOutcome, 'stopped'>
  >({
    summary: 'Sets how many of a service there are: starts what is missing, stops those with the highest numbers.',
    since: 1,
    params: object({
      stack: stackReference(),
      service: name(),
      replicas: {type: 'integer', minimum: 0, maximum: 1000},
      env: given(),
      requestId: requestId(),
    }),
    result: ref('ScaleOutcome'),
  }),
  'service.history': method<OfStack & {readonly service: string}, {readonly history: readonly HistoryEntry[]}>({
    summary: 'The last moves of a service with their causes, oldest first.',
    since: 1,
    params: object({stack: stackReference(), service: name()}),
    result: object({history: array(ref('HistoryEntry'))}),
  }),
  'service.env': method<OfStack & {readonly service: string}, ServiceEnvironment>({
    summary:
      'The variables that a service has of its stack file, references filled in and secrets masked, and the names of those that it inherits.',
    since: 1,
    params: object({stack: stackReference(), service: name()}),
    result: object({
      service: name(),
      changed: boolean(),
      env: environment(),
      inherited: array(string()),
    }),
  }),
  'service.status': method<Some, StackStatus>({
    summary: 'The state of services and tasks.',
    since: 1,
    params: object({stack: stackReference(), services: array(name())}),
    result: ref('StackStatus'),
  }),
  'task.list': method<OfStack, {readonly tasks: readonly TaskStatus[]}>({
    summary: 'The tasks of a stack and how they stand.',
    since: 1,
    params: object({stack: stackReference()}),
    result: object({tasks: array(ref('TaskStatus'))}),
  }),
  'task.run': method<
    OfStack & Mutation & Caller & {readonly task: string; readonly force: boolean},
    {readonly task: TaskStatus; readonly failure: FailureReport | null}
  >({
    summary: 'Runs a task once, with what it depends on; skipped when it is complete, unless forced.',
    since: 1,
    params: object({
      stack: stackReference(),
      task: name(),
      force: boolean(),
      env: given(),
      requestId: requestId(),
    }),
    result: object({task: ref('TaskStatus'), failure: nullable(ref('FailureReport'))}),
  }),
  'logs.read': method<
    Some & {readonly tail: number | null; readonly attempts: 'all' | 'last'; readonly follow: boolean},
    {readonly lines: number}
  >({
    summary:
      'Sends the output of services and tasks as $/log notifications, merged in time order: the last `tail` lines (null: all), and with `follow` what comes, until cancelled.',
    since: 1,
    params: object({
      stack: stackReference(),
      services: array(name()),
      tail: nullable(count()),
      attempts: enumOf('all', 'last'),
      follow: boolean(),
    }),
    result: object({lines: integer()}),
  }),
  'events.subscribe': method<
    {readonly topics: readonly string[]; readonly snapshot: boolean; readonly after?: number; readonly epoch?: string},
    {
      readonly epoch: string
      readonly seq: number
      /** Present when asked for, and when `after` is too old to be replayed. */
      readonly snapshot?: readonly StackStatus[]
    }
  >({
    summary:
      'Sends $/event for each event from now on; the snapshot is of the same moment. With `after` and `epoch`, first what was missed. Empty topics: all.',
    since: 1,
    params: object({
      topics: array(string()),
      snapshot: boolean(),
      after: optional(count()),
      epoch: optional(string()),
    }),
    result: object({epoch: string(), seq: integer(), snapshot: optional(array(ref('StackStatus')))}),
  }),
  'events.unsubscribe': method<Record<string, never>, JsonObject>({
    summary: 'Ends the subscription of this connection.',
    since: 1,
    params: object({}),
    result: object({}),
  }),
  'daemon.info': method<Record<string, never>, DaemonInfo>({
    summary: 'The daemon itself.',
    since: 1,
    params: object({}),
    result: ref('DaemonInfo'),
  }),
  'daemon.shutdown': method<{readonly stopServices: boolean}, JsonObject>({
    summary: 'Ends the daemon. Services go on unless they are to be stopped.',
    since: 1,
    params: object({stopServices: boolean()}),
    result: object({}),
  }),
} as const

type Methods = typeof methods
export type MethodName = keyof Methods
export type ParamsOf<Name extends MethodName> =
  Methods[Name] extends Method<infer Params, infer _Result> ? Params : never
export type ResultOf<Name extends MethodName> =
  Methods[Name] extends Method<infer _Params, infer Result> ? Result : never

import type {
  HistoryEntry,
  ServiceUsage,
  SessionEnd,
  StackStatus,
  StartOutcome,
  StopOutcome,
} from '../../contract/status.js'
import type {PlannedStep} from '../notifications.js'
import {given, method, type Caller, type Mutation, type OfStack, type Some} from '../method.js'
import {
  array,
  boolean,
  count,
  described,
  enumOf,
  environment,
  name,
  nullable,
  object,
  optional,
  ref,
  requestId,
  stackReference,
  string,
} from '../schema-parts.js'

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

/** A command to run beside a service. */
export interface ExecParams {
  readonly service: string
  readonly command: readonly string[]
  /** @default false */
  readonly tty?: boolean
  /** Characters in a line of the terminal. @default 80 */
  readonly cols?: number
  /** Lines of the terminal. @default 24 */
  readonly rows?: number
  readonly env?: Readonly<Record<string, string>>
  /** Where it runs, from the directory of the service. @default that */
  readonly cwd?: string
}

/** How to be connected to a service that runs. */
export interface AttachParams {
  readonly service: string
  /** There will be input. */
  readonly stdin: boolean
  /** Lines of each stream to begin with. @default 0 */
  readonly tail?: number
}

const terminalSide = () => ({type: 'integer', minimum: 1, maximum: 65_535})

const profiles = () =>
  described(
    'Active ones: when no service is named, those of other profiles are left out unless they run',
    array(name()),
  )

const startParams = {
  stack: stackReference(),
  ...given(),
  dependencies: optional(boolean()),
  rollback: optional(boolean()),
  parallel: optional({type: 'integer', minimum: 1}),
  profiles: optional(profiles()),
}

export const serviceMethods = {
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
      ...given(),
      requestId: requestId(),
    }),
    result: ref('ScaleOutcome'),
  }),
  'service.stats': method<Some, {readonly stats: readonly ServiceUsage[]}>({
    summary:
      'What services use now of processor and memory: those that run and of which it can be told. Measured while it is asked, which takes up to two seconds.',
    since: 1,
    params: object({stack: stackReference(), services: array(name())}),
    result: object({stats: array(ref('ServiceUsage'))}),
  }),
  'service.signal': method<
    OfStack & Mutation & {readonly service: string; readonly signal: string},
    {readonly signalled: readonly string[]}
  >({
    summary:
      'Sends a signal to the program of a service, or to those of all its replicas that run. A program that ends by it has ended by itself: the restart policy decides what follows.',
    since: 1,
    repeatable: 'sameDaemon',
    params: object({
      stack: stackReference(),
      service: name(),
      signal: described('Its whole name: `SIGHUP`', {type: 'string', pattern: '^SIG[A-Z0-9]{2,10}$'}),
      requestId: requestId(),
    }),
    result: object({signalled: array(name())}),
  }),
  'service.exec': method<OfStack & ExecParams, SessionEnd>({
    summary:
      'Runs a command where a service runs: in its directory, with its environment and a `TERM` and the like from `env`, without a shell. Ends with the service, and with its client.',
    since: 1,
    channel: true,
    params: object({
      stack: stackReference(),
      service: name(),
      command: {...array({type: 'string', pattern: '^[^\\u0000]*$'}), minItems: 1},
      tty: optional(described('The command gets a terminal', boolean())),
      cols: optional(described('Of the terminal. Left out: 80', terminalSide())),
      rows: optional(described('Of the terminal. Left out: 24', terminalSide())),
      env: optional(described('Variables beside those of the service', environment())),
      cwd: optional(
        described('The directory it runs in, from that of the service', {type: 'string', pattern: '^[^\\u0000]+$'}),
      ),
    }),
    result: ref('SessionEnd'),
  }),
  'service.attach': method<OfStack & AttachParams, SessionEnd | null>({
    summary:
      'Sends what a service prints, as bytes, and gives its program input, until its program ends, or until all of the input was handed over when the client says that there is no more: then the result is null. However a client leaves, the service runs on. SERVICE_NO_INPUT when there is none and `stdin` is true.',
    since: 1,
    channel: true,
    params: object({
      stack: stackReference(),
      service: name(),
      stdin: described('Whether there will be input', boolean()),
      tail: optional(described('Lines of each stream to begin with. Left out: 0', count())),
    }),
    result: nullable(ref('SessionEnd')),
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
} as const

import {systemClock} from '../../base/clock.js'
import {HarnessError, isHarnessError} from '../../base/errors.js'
import {loadStack, type LoadedStack} from '../../config/load-stack.js'
import {secretVariables} from '../../config/variables.js'
import type {StartOutcome} from '../../contract/status.js'
import type {Progress} from '../../protocol/notifications.js'
import type {CallOptions} from '../client.js'
import {startValues, type StartValues} from '../start-values.js'
import {connectWithout} from './connect.js'
import {createClient, type HarnessClient} from './create.js'
import {createRunningStack, type RunningStack} from './running-stack.js'
import {startProblem} from './start-problem.js'
import {startTemporaryDaemon} from './temporary-daemon.js'

export interface StartStackOptions extends Pick<CallOptions, 'onProgress'> {
  /** With what they depend on. @default all of the stack */
  readonly services?: readonly string[]
  /** Active ones: when no service is named, those of other profiles are left out. */
  readonly profiles?: readonly string[]
  /** The entry of `environments` to lay over the file. */
  readonly environment?: string
  /** Laid over `process.env`, for `${VARIABLES}` of the file and for local processes; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Where a file is looked for, and where relative paths start. @default process.cwd() */
  readonly cwd?: string
  /**
   * `true`: a daemon and a state directory of its own, of which nothing is left when the stack is stopped or this process ends, also by
   * SIGKILL. `false`: the daemon of the user, started when none runs; only what was started here is stopped. @default true
   */
  readonly isolated?: boolean
  /** Gives up the start, with its reason, and stops what it has begun. */
  readonly signal?: AbortSignal
}

/**
 * Starts a stack for a test or a program, and answers when all of it is ready. `files`: as `-c`; without one the stack file is looked for
 * upwards. CONFIG_NOT_FOUND and CONFIG_INVALID for the file, STACK_FAILED with what failed and what it printed last; nothing is left then.
 */
export async function startStack(
  files: string | readonly string[] = [],
  options: StartStackOptions = {},
): Promise<RunningStack> {
  const {cwd = process.cwd(), environment, isolated = true, signal} = options
  const env = {...process.env, ...options.env}
  const loaded = await loadStack({files: typeof files === 'string' ? [files] : someOf(files), cwd, env, environment})
  const values = await startValues(loaded, env)
  signal?.throwIfAborted()
  // What secrets come from is for what asks for the secret, and not for a daemon and all that it starts.
  const withheld = secretVariables(loaded.definition)
  const place = isolated ? await ownPlace(withheld) : await sharedPlace(withheld)
  let begun: Begun | undefined
  const end = (): Promise<void> => place.end(begun)
  try {
    const {stack} = await place.client.stack.load({definition: loaded.definition})
    begun = {stack, services: new Set()}
    const outcome = await start(place.client, begun, {loaded, values, options})
    const problem = startProblem(loaded.definition.name, outcome)
    if (problem) throw problem
    return createRunningStack({client: place.client, status: await place.client.service.status({stack}), end})
  } catch (error) {
    await end()
    throw error
  }
}

function someOf(files: readonly string[]): readonly string[] | undefined {
  return files.length === 0 ? undefined : files
}

interface Wish {
  readonly loaded: LoadedStack
  readonly values: StartValues
  readonly options: StartStackOptions
}

/** What is to be stopped again. */
interface Begun {
  readonly stack: string
  readonly services: Set<string>
}

async function start(client: HarnessClient, begun: Begun, {loaded, values, options}: Wish): Promise<StartOutcome> {
  const {services = [], signal} = options
  const onProgress = (progress: Progress): void => {
    if ('plan' in progress) for (const {action, name} of progress.plan) if (action === 'start') begun.services.add(name)
    options.onProgress?.(progress)
  }
  const profiles = [...new Set([...(options.profiles ?? []), ...loaded.profiles])]
  try {
    return await client.service.start(
      {stack: begun.stack, services, env: values.env, ...(profiles.length === 0 ? {} : {profiles})},
      {...(signal ? {signal} : {}), onProgress},
    )
  } catch (error) {
    throw withReason(error, values)
  }
}

/** Why a secret has no value is known here alone. */
function withReason(error: unknown, {missing}: StartValues): unknown {
  if (!isHarnessError(error) || error.code !== 'SECRET_MISSING') return error
  const reason = missing.find(({secret}) => secret === error.subject)?.reason
  return reason === undefined ? error : new HarnessError(error.code, {subject: error.subject, reason, hint: error.hint})
}

/** Where stacks run. */
interface Place {
  readonly client: HarnessClient
  readonly end: (begun: Begun | undefined) => Promise<void>
}

const client = {name: 'startStack', version: '1'}

async function ownPlace(withheld: ReadonlySet<string>): Promise<Place> {
  const daemon = await startTemporaryDaemon(client, withheld)
  const own = createClient(daemon.first, {dial: daemon.dial, clock: systemClock, reconnectMs: 30_000})
  return {
    client: own,
    async end() {
      await own.close()
      await daemon.end()
    },
  }
}

async function sharedPlace(withheld: ReadonlySet<string>): Promise<Place> {
  const shared = await connectWithout(withheld, {start: true, client})
  return {
    client: shared,
    async end(begun) {
      const services = [...(begun?.services ?? [])]
      // Without names it would mean all of the stack.
      if (begun && services.length > 0) {
        await shared.service.stop({stack: begun.stack, services, dependents: 'leave'})
      }
      await shared.close()
    },
  }
}

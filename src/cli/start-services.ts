import type {Client} from '../core/client/client.js'
import type {StartChoices} from '../core/protocol/methods.js'
import {withProfiles} from './active-profiles.js'
import {beginStart, type StartRequest} from './begin-start.js'
import {callerValues} from './caller-values.js'
import type {StackChoiceFlags} from './flags.js'
import {interrupted, interruptedExit} from './interruptible.js'
import {openStack, readStackFile} from './open-stack.js'
import {orphanLines} from './orphan-lines.js'
import {outcomeExit} from './outcome.js'
import {overDaemons} from './over-daemons.js'
import {planLines} from './plan-lines.js'
import {printStart} from './print-start.js'
import {readStackIfAny} from './read-stack.js'
import {runRequest} from './run-request.js'
import {startOrStop} from './start-or-stop.js'
import {stillStarting, withPatience} from './still-starting.js'
import type {Terminal} from './terminal.js'
import {withDaemon, type Host} from './with-daemon.js'

/** How a start is followed. */
export type StartMode =
  | {readonly kind: 'plan'}
  /** `begun`: only until the daemon has accepted it. */
  | {readonly kind: 'begun'}
  | {readonly kind: 'settled'; readonly timeoutMs?: number}
  /** The first failure stops all that this start began. */
  | {readonly kind: 'all-or-nothing'; readonly timeoutMs?: number}
  /** Until all has ended, or the service whose exit code counts; then nothing of it is left. */
  | {readonly kind: 'foreground'; readonly allOrNothing: boolean; readonly exitCodeFrom?: string}

export interface StartWish {
  readonly choice: StackChoiceFlags
  readonly services: readonly string[]
  readonly method: 'service.restart' | 'service.start'
  readonly choices: StartChoices
  readonly mode: StartMode
  /** A stack that is known already can be restarted without its file. To start one, a file is asked for. */
  readonly needsFile: boolean
}

/** `harness start` and `harness restart`: answers the exit code. */
export async function startServices(host: Host, wish: StartWish): Promise<number> {
  const {terminal} = host
  const {choice, needsFile, method, services, choices} = wish
  const required = needsFile && choice.stack === undefined
  // Read before a daemon is started for nothing.
  const loaded = await (required ? readStackFile : readStackIfAny)(choice, terminal)
  const attempt = (mode: StartMode): Promise<number> =>
    withDaemon(
      host,
      async (client) => {
        const opened = await openStack(client, loaded, {choice, terminal})
        const request = {
          method,
          stack: opened.stack,
          services,
          choices: withProfiles(choices, opened.loaded),
          ...(mode.kind === 'plan' ? {env: {}} : await callerValues(opened.loaded, host)),
        }
        return follow(client, terminal, request, mode)
      },
      loaded,
    )
  // A restart that is asked for twice is two, and what is to be stopped again is known to its own daemon alone.
  const isRepeatable = method === 'service.start' && !choices.rollback
  return isRepeatable && wish.mode.kind === 'settled' ? overDaemons(host, wish.mode, attempt) : attempt(wish.mode)
}

async function follow(client: Client, terminal: Terminal, request: StartRequest, mode: StartMode): Promise<number> {
  switch (mode.kind) {
    case 'plan':
      return showPlan(client, terminal, request)
    case 'begun':
      return begin(client, terminal, request)
    case 'settled':
      return untilSettled(client, terminal, request, mode)
    case 'all-or-nothing':
      return startOrStop(client, terminal, request, mode)
    case 'foreground': {
      const {runInForeground} = await import('./foreground/run-in-foreground.js')
      return runInForeground(client, terminal, request, mode)
    }
  }
}

async function showPlan(client: Client, terminal: Terminal, request: StartRequest): Promise<number> {
  const {method, stack, services, choices} = request
  const {dependencies, profiles} = choices
  const choice = {...(dependencies !== undefined && {dependencies}), ...(profiles && {profiles})}
  const restart = method === 'service.restart'
  const {steps} = await client.call('service.plan', {stack, services, restart, ...choice})
  if (terminal.json) terminal.data({steps})
  for (const line of planLines(steps, terminal.style)) terminal.out(line)
  const status = await client.call('service.status', {stack, services: []})
  const orphans = status.services.filter(({orphan}) => orphan).map(({name}) => name)
  for (const line of orphanLines(orphans)) terminal.note(line)
  return 0
}

async function begin(client: Client, terminal: Terminal, request: StartRequest): Promise<number> {
  const steps = await beginStart(client, request, () => undefined).plan
  const {stack, name} = await client.call('service.status', {stack: request.stack, services: []})
  const begun = steps.filter(({action}) => action !== 'keep')
  if (terminal.json) terminal.data({stack, name, steps})
  terminal.out(
    begun.length === 0
      ? `${name}: nothing to start.`
      : `${name}: ${begun.length} to start. See how they stand with \`harness status\`, end them with \`harness stop\`.`,
  )
  return 0
}

async function untilSettled(
  client: Client,
  terminal: Terminal,
  request: StartRequest,
  {timeoutMs}: {readonly timeoutMs?: number},
): Promise<number> {
  const end = await runRequest(
    terminal,
    async (onProgress) => {
      const start = beginStart(client, request, onProgress)
      const outcome = await withPatience(start.outcome, timeoutMs)
      return {plan: await start.plan, outcome}
    },
    {showKept: request.method === 'service.start'},
  )
  if (end === interrupted) {
    terminal.warn('The daemon goes on with the start. See it with `harness status`, end it with `harness stop`.')
    return interruptedExit
  }
  const {plan, outcome} = end
  const status = await client.call('service.status', {stack: request.stack, services: []})
  if (outcome === undefined) throw stillStarting(plan, status, timeoutMs ?? 0)
  printStart(terminal, {outcome, plan, status})
  return outcomeExit(outcome)
}

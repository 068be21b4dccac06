import {HarnessError} from '../../core/base/errors.js'
import type {Client} from '../../core/client/client.js'
import type {FailureReport, ServiceStatus, StartOutcome} from '../../core/contract/status.js'
import type {PlannedStep, Progress} from '../../core/protocol/notifications.js'
import {begunServices, begunTasks, beginStart, type BegunStart, type StartRequest} from '../begin-start.js'
import {endpointLines} from '../endpoint-lines.js'
import {withTrueHints} from '../print-start.js'
import {signalExits, type EndSignal} from '../signals.js'
import {rolledBack} from '../start-or-stop.js'
import {stopBegun} from '../stop-begun.js'
import type {Terminal} from '../terminal.js'
import {withProgress} from '../with-progress.js'
import {followLogs} from './follow-logs.js'
import {watchInterrupts} from './interrupts.js'
import {openServiceEvents, type ServiceEvents} from './service-events.js'
import {failedExit, failureExit} from './service-exit.js'
import {lateFailure, openReport, type SessionReport} from './session-report.js'

export interface ForegroundWish {
  /** The first failure ends it. */
  readonly allOrNothing: boolean
  /** Its end ends all, and its exit code is the command's. */
  readonly exitCodeFrom?: string
}

/** Why a session is over. */
type SessionEnd =
  | {readonly kind: 'signal'; readonly signal: EndSignal}
  /** `service`: what failed, where its event came first. */
  | {readonly kind: 'failure'; readonly service?: ServiceStatus}
  | {readonly kind: 'exit'; readonly code: number}
  | {readonly kind: 'all ended'; readonly services: readonly ServiceStatus[]}

/**
 * `start --foreground`: starts, shows what all print, and stops what it has started when it is asked to end, however that is: nothing of it is
 * left behind. Answers the exit code.
 */
export async function runInForeground(
  client: Client,
  terminal: Terminal,
  request: StartRequest,
  wish: ForegroundWish,
): Promise<number> {
  const session = await prepare(client, request, wish)
  using _events = session.events
  const report = openReport(terminal)
  const end = await withProgress(terminal, {live: false}, async (onProgress, note) => {
    using interrupts = watchInterrupts(() => {
      note('Forcing what is left.')
    })
    const logs = followLogs(client, terminal, {stack: request.stack, ...session})
    const ending = new AbortController()
    const start = beginStart(client, session.request, (progress: Progress) => {
      if (!ending.signal.aborted) onProgress(progress)
    })
    const over = await Promise.race([
      interrupts.first.then((signal): SessionEnd => ({kind: 'signal', signal})),
      follow(client, terminal, {...session, wish, start, report, ending: ending.signal}),
      lost(client),
    ])
    ending.abort()
    if (over.kind === 'signal') note(stoppingText(over.signal))
    const plan = await start.plan
    const names = toStop(plan, over)
    const onFailed = (failed: readonly FailureReport[]): void => {
      report.failures({failed})
    }
    const stopped = await stopBegun(
      client,
      {stack: request.stack, names, tasks: begunTasks(plan), start, onFailed},
      {hurry: interrupts.hurry, onProgress},
    )
    await logs.end()
    if (over.kind === 'failure') {
      const outcome = withTrueHints(withLate(rolledBack(await start.outcome, stopped), over.service))
      const status = await client.call('service.status', {stack: request.stack, services: []})
      report.start({outcome, plan, status})
      report.failures(outcome)
    }
    return over
  })
  const code = exitOf(end)
  if (terminal.json) terminal.data({ended: {code, why: end.kind, failed: failedNames(end, report)}}, 'line')
  return code
}

/** Only where Ctrl-C has come is there an `again`. */
function stoppingText(signal: EndSignal): string {
  return `Stopping (${signal}). Ctrl-C ${signal === 'SIGINT' ? 'again ' : ''}forces it.`
}

/** What failed after the start had settled is not in its outcome. */
function withLate(outcome: StartOutcome, service: ServiceStatus | undefined): StartOutcome {
  if (service === undefined || outcome.failed.some(({name}) => name === service.name)) return outcome
  return {...outcome, failed: [...outcome.failed, lateFailure(service)]}
}

function failedNames(end: SessionEnd, {failed}: SessionReport): readonly string[] {
  const ended = end.kind === 'all ended' ? end.services.filter(({state}) => state === 'Failed') : []
  return [...new Set([...failed, ...ended.map(({name}) => name)])]
}

interface Prepared {
  readonly request: StartRequest
  /** Everything that the start touches. */
  readonly names: readonly string[]
  /** The attempt that each service is at. */
  readonly attempts: ReadonlyMap<string, number>
  /** Services that are to stay as they are. */
  readonly kept: readonly string[]
  readonly events: ServiceEvents
}

/** Looks before it begins: what will be touched, and how far each service is. SERVICE_UNKNOWN for one whose exit code was asked for. */
async function prepare(
  client: Client,
  request: StartRequest,
  {allOrNothing, exitCodeFrom}: ForegroundWish,
): Promise<Prepared> {
  const {stack, method, choices} = request
  if (exitCodeFrom !== undefined) await client.call('service.status', {stack, services: [exitCodeFrom]})
  const services =
    exitCodeFrom === undefined || request.services.length === 0 ? request.services : [...request.services, exitCodeFrom]
  const {dependencies} = choices
  const choice = dependencies === undefined ? {} : {dependencies}
  const restart = method === 'service.restart'
  const {steps} = await client.call('service.plan', {stack, services, restart, ...choice})
  const status = await client.call('service.status', {stack, services: []})
  return {
    request: {...request, services, choices: allOrNothing ? {...choices, rollback: true} : choices},
    names: [...new Set(steps.map(({name}) => name))],
    attempts: new Map(status.services.map(({name, attempt}) => [name, attempt])),
    kept: steps.filter(({kind, action}) => kind === 'service' && action === 'keep').map(({name}) => name),
    events: await openServiceEvents(client),
  }
}

interface Followed extends Prepared {
  readonly wish: ForegroundWish
  readonly start: BegunStart
  readonly report: SessionReport
  /** Aborts when the end has come: nothing is news any more. */
  readonly ending: AbortSignal
}

/** The end that the services bring about. */
async function follow(client: Client, terminal: Terminal, session: Followed): Promise<SessionEnd> {
  const {request, names, attempts, kept, wish, start, report, events, ending} = session
  const {stack} = request
  const {exitCodeFrom: service, allOrNothing} = wish
  const exitOfService = async (name: string): Promise<SessionEnd> => {
    // What stays as it is goes on with the attempt that it is at.
    const after = (attempts.get(name) ?? 0) - (kept.includes(name) ? 1 : 0)
    return {kind: 'exit', code: await events.exitOf({stack, service: name, after})}
  }
  const exit = service === undefined ? undefined : exitOfService(service)
  // The end of the service whose code counts is no failure of the session.
  const others = names.filter((name) => name !== service)
  const failure = Promise.race([
    start.failed.then((): SessionEnd => ({kind: 'failure'})),
    events.failureOf(stack, others).then((failed): SessionEnd => ({kind: 'failure', service: failed})),
  ])
  const settled = start.outcome.then(async (outcome): Promise<SessionEnd> => {
    const isWhole = outcome.failed.length + outcome.blocked.length === 0
    if (allOrNothing && !isWhole) return {kind: 'failure'}
    if (!ending.aborted) {
      const status = await client.call('service.status', {stack, services: []})
      report.start({outcome, plan: await start.plan, status})
      report.failures(outcome)
      for (const line of endpointLines(status.services, terminal.errorStyle)) terminal.note(line)
    }
    const end = service === undefined ? undefined : exitFromOutcome(outcome, service)
    if (end) return end
    if (exit) return exit
    const services = (await start.plan).filter(({kind}) => kind === 'service').map(({name}) => name)
    return {kind: 'all ended', services: await events.allOver(stack, services)}
  })
  return Promise.race([settled, ...(exit ? [exit] : []), ...(allOrNothing ? [failure] : [])])
}

/** It did not come so far that it could end. */
function exitFromOutcome({failed, blocked}: StartOutcome, service: string): SessionEnd | undefined {
  if (blocked.some(({kind, name}) => kind === 'service' && name === service)) return {kind: 'exit', code: failedExit}
  const failure = failed.find(({kind, name}) => kind === 'service' && name === service)
  return failure && {kind: 'exit', code: failureExit(failure.exit?.code ?? null)}
}

async function lost(client: Client): Promise<never> {
  throw (await client.closed) ?? new HarnessError('CONNECTION_LOST', {subject: client.address})
}

/** The end of the service whose code counts ends all that this start touches; anything else what it has begun. */
function toStop(plan: readonly PlannedStep[], end: SessionEnd): readonly string[] {
  if (end.kind !== 'exit') return begunServices(plan, {restarts: true})
  return plan.filter(({kind}) => kind === 'service').map(({name}) => name)
}

function exitOf(end: SessionEnd): number {
  switch (end.kind) {
    case 'signal':
      return signalExits[end.signal]
    case 'failure':
      return failedExit
    case 'exit':
      return end.code
    case 'all ended':
      return end.services.every(({state}) => state === 'Stopped') ? 0 : failedExit
  }
}

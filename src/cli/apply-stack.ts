import type {Client} from '../core/client/client.js'
import type {StartOutcome, StopOutcome} from '../core/contract/status.js'
import type {StartChoices} from '../core/protocol/methods.js'
import type {PlannedStep} from '../core/protocol/notifications.js'
import {newId} from '../core/base/ids.js'
import {withProfiles} from './active-profiles.js'
import {beginStart, type StartRequest} from './begin-start.js'
import {callerValues} from './caller-values.js'
import type {StackChoiceFlags} from './flags.js'
import {interrupted, interruptedExit} from './interruptible.js'
import {openStack, readStackFile} from './open-stack.js'
import {orphanLines} from './orphan-lines.js'
import {outcomeExit} from './outcome.js'
import {planLines} from './plan-lines.js'
import {printStart, startData} from './print-start.js'
import {runRequest} from './run-request.js'
import type {Terminal} from './terminal.js'
import {withDaemon, type Host} from './with-daemon.js'

export interface ApplyWish {
  readonly choice: StackChoiceFlags
  readonly profiles: readonly string[]
  readonly dryRun: boolean
  /** Stops what runs and is in the file no more. */
  readonly removeOrphans: boolean
}

interface Difference {
  readonly stack: string
  readonly steps: readonly PlannedStep[]
  readonly orphans: readonly string[]
}

/** `harness apply`: shows what an edit comes to, and carries it out. Answers the exit code. */
export async function applyStack(host: Host, wish: ApplyWish): Promise<number> {
  const {terminal} = host
  const loaded = await readStackFile(wish.choice, terminal)
  return withDaemon(
    host,
    async (client) => {
      const opened = await openStack(client, loaded, {choice: wish.choice, terminal})
      const {stack} = opened
      const choices = withProfiles({profiles: wish.profiles}, opened.loaded)
      const difference = await findDifference(client, stack, choices)
      if (wish.dryRun) return show(terminal, difference)
      const caller = await callerValues(opened.loaded, host)
      return carryOut(client, terminal, difference, {
        ...wish,
        request: {method: 'service.start', stack, services: [], choices, ...caller},
      })
    },
    loaded,
  )
}

async function findDifference(client: Client, stack: string, {profiles = []}: StartChoices): Promise<Difference> {
  const {steps} = await client.call('service.plan', {stack, services: [], restart: false, profiles})
  const {services} = await client.call('service.status', {stack, services: []})
  return {stack, steps, orphans: services.filter(({orphan}) => orphan).map(({name}) => name)}
}

function show(terminal: Terminal, {steps, orphans}: Difference): number {
  if (terminal.json) terminal.data({steps, orphans})
  for (const line of planText(terminal, steps)) terminal.out(line)
  for (const line of orphanLines(orphans)) terminal.note(line)
  return 0
}

function planText(terminal: Terminal, steps: readonly PlannedStep[]): readonly string[] {
  const changes = steps.filter(({action}) => action !== 'keep')
  return changes.length === 0 ? ['Everything is as the file says.'] : planLines(changes, terminal.style)
}

async function carryOut(
  client: Client,
  terminal: Terminal,
  {stack, steps, orphans}: Difference,
  {removeOrphans, request}: ApplyWish & {readonly request: StartRequest},
): Promise<number> {
  for (const line of planText(terminal, steps)) terminal.note(line)
  const end = await runRequest(terminal, async (onProgress) => {
    // They go first: what is new may take their ports.
    const removed: StopOutcome | undefined =
      removeOrphans && orphans.length > 0
        ? await client.call(
            'service.stop',
            {stack, services: orphans, dependents: 'leave', requestId: newId()},
            {onProgress},
          )
        : undefined
    const start = beginStart(client, request, onProgress)
    return {removed, outcome: await start.outcome, plan: await start.plan}
  })
  if (end === interrupted) {
    terminal.warn('The daemon goes on. See how it stands with `harness status`.')
    return interruptedExit
  }
  const status = await client.call('service.status', {stack, services: []})
  const removed = end.removed?.stopped ?? []
  const whole = withRemoved(end.outcome, end.removed)
  if (terminal.json) terminal.data({...startData({...end, outcome: whole, status}), steps, removed})
  else {
    if (removed.length > 0) terminal.out(`Stopped ${removed.join(', ')}: not in the file any more.`)
    printStart(terminal, {...end, outcome: whole, status})
  }
  return outcomeExit(whole)
}

/** What could not be stopped is a failure of the whole. */
function withRemoved(outcome: StartOutcome, removed: StopOutcome | undefined): StartOutcome {
  return {...outcome, failed: [...(removed?.failed ?? []), ...outcome.failed]}
}

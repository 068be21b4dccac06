import {newId} from '../core/base/ids.js'
import type {Client} from '../core/client/client.js'
import type {StartOutcome} from '../core/contract/status.js'
import {nextRows, type ProgressRow} from '../core/progress/rows.js'
import type {Caller} from '../core/protocol/method.js'
import type {StartChoices} from '../core/protocol/methods.js'
import type {PlannedStep, Progress} from '../core/protocol/notifications.js'

export interface StartRequest extends Caller {
  readonly method: 'service.restart' | 'service.start'
  readonly stack: string
  readonly services: readonly string[]
  readonly choices: StartChoices
}

/** A start that the daemon carries out. */
export interface BegunStart {
  /** Resolves when the daemon has accepted it; rejects when it refuses. */
  readonly plan: Promise<readonly PlannedStep[]>
  /** Resolves when everything that was asked for has settled. */
  readonly outcome: Promise<StartOutcome>
  /** Resolves as soon as something has failed for good, if ever. */
  readonly failed: Promise<undefined>
}

/** Asks the daemon for a start, and hears what comes of it. */
export function beginStart(
  client: Client,
  {method, stack, services, choices, env, login}: StartRequest,
  onProgress: (progress: Progress) => void,
): BegunStart {
  let rows: readonly ProgressRow[] = []
  let accept = (_: readonly PlannedStep[]): void => undefined
  let fail = (_: undefined): void => undefined
  const accepted = new Promise<readonly PlannedStep[]>((resolve) => {
    accept = resolve
  })
  const failed = new Promise<undefined>((resolve) => {
    fail = resolve
  })
  const params = {stack, services, ...choices, env, ...(login !== undefined && {login}), requestId: newId()}
  const outcome = client.call(method, params, {
    onProgress(progress) {
      if ('plan' in progress) accept(progress.plan)
      rows = nextRows(rows, progress)
      if (rows.some(hasFailed)) fail(undefined)
      onProgress(progress)
    },
  })
  const plan = Promise.race([accepted, outcome.then(() => [])])
  // Not everybody waits for both.
  for (const promise of [plan, outcome]) promise.catch(() => undefined)
  return {plan, outcome, failed}
}

/** What is unhealthy runs, and may get well. */
function hasFailed({phase, state}: ProgressRow): boolean {
  return phase === 'bad' && state !== 'Unhealthy'
}

/** The services that a start launches or has launched; with `restarts` also those that ran before. */
export function begunServices(
  plan: readonly PlannedStep[],
  {restarts}: {readonly restarts: boolean},
): readonly string[] {
  return plan
    .filter(({kind, action}) => kind === 'service' && (action === 'start' || (restarts && action === 'restart')))
    .map(({name}) => name)
}

/** The tasks that a start runs. */
export function begunTasks(plan: readonly PlannedStep[]): readonly string[] {
  return plan.filter(({kind, action}) => kind === 'task' && action === 'run').map(({name}) => name)
}

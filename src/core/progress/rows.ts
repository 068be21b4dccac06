import type {ServiceState, TaskState} from '../contract/service-state.js'
import type {ProgressStep} from '../contract/status.js'
import type {PlannedStep, Progress} from '../protocol/notifications.js'

/** What a row is about right now, for its sign and its colour. */
export type Phase = 'bad' | 'busy' | 'done' | 'kept' | 'waiting'

/** One service or task of a request in progress. Times in milliseconds since the epoch. */
export interface ProgressRow {
  readonly kind: 'service' | 'task'
  readonly name: string
  readonly action: PlannedStep['action']
  /** Why this action. */
  readonly cause: string
  /** `null` until the first step. */
  readonly state: ServiceState | TaskState | null
  readonly waitsFor: readonly string[]
  readonly message: string | null
  readonly phase: Phase
  /** When work on it began; `null` while it waits. */
  readonly startedAt: number | null
  /** When it settled; `null` until then. */
  readonly endedAt: number | null
}

/** The next rows. A plan begins them anew; a step moves one, and adds it when no plan named it. */
export function nextRows(rows: readonly ProgressRow[], progress: Progress): readonly ProgressRow[] {
  if ('plan' in progress) return progress.plan.map(plannedRow)
  if (!('step' in progress)) return rows
  const {step} = progress
  const known = rows.some((row) => row.kind === step.kind && row.name === step.name)
  const all = known
    ? rows
    : [...rows, plannedRow({kind: step.kind, name: step.name, action: 'start', cause: '', after: []})]
  return all.map((row) => (row.kind === step.kind && row.name === step.name ? moved(row, step) : row))
}

/** How long work on it has taken; `undefined` while it waits and where nothing was to be done. */
export function elapsedMs(row: ProgressRow, now: number): number | undefined {
  return row.startedAt === null ? undefined : Math.max(0, (row.endedAt ?? now) - row.startedAt)
}

function plannedRow(planned: PlannedStep): ProgressRow {
  return {
    kind: planned.kind,
    name: planned.name,
    action: planned.action,
    cause: planned.cause,
    state: null,
    waitsFor: planned.after,
    message: null,
    phase: planned.action === 'keep' ? 'kept' : 'waiting',
    startedAt: null,
    endedAt: null,
  }
}

function moved(row: ProgressRow, step: ProgressStep): ProgressRow {
  const at = Date.parse(step.at)
  const phase = phaseOf(row, step)
  const settled = phase === 'done' || phase === 'bad'
  const startedAt = row.startedAt ?? (phase === 'busy' || step.state === 'Unhealthy' ? at : null)
  return {
    ...row,
    state: step.state,
    // In the moment before it begins it waits for nothing: no news.
    waitsFor: phase === 'waiting' && step.waitsFor.length === 0 ? row.waitsFor : step.waitsFor,
    message: step.message,
    phase,
    startedAt,
    endedAt:
      startedAt !== null && settled
        ? row.phase === phase && row.state === step.state
          ? (row.endedAt ?? at)
          : at
        : null,
  }
}

function phaseOf(row: ProgressRow, step: ProgressStep): Phase {
  // What kept it from coming up does not matter to its end.
  if (row.action === 'stop' && step.kind === 'service') return stopPhases[step.state as ServiceState] ?? 'waiting'
  if (step.trouble !== null) return 'bad'
  if (step.kind === 'task') return taskPhases[step.state as TaskState]
  const state = step.state as ServiceState
  return row.startedAt === null ? phaseBefore(row, step) : phaseSince(row, state)
}

/** Before work on it has begun, what it shows is the state of an earlier time. */
function phaseBefore(row: ProgressRow, step: ProgressStep): Phase {
  switch (step.state) {
    case 'NotStarted':
    case 'Stopped':
    case 'Failed':
      return 'waiting'
    case 'Running':
      return row.action === 'keep' ? 'kept' : 'waiting'
    case 'Unhealthy':
      return 'bad'
    default:
      return 'busy'
  }
}

function phaseSince(row: ProgressRow, state: ServiceState): Phase {
  switch (state) {
    case 'Running':
    case 'NotStarted':
      return 'done'
    case 'Stopped':
      // A restart passes through it.
      return row.action === 'restart' && row.state === 'Stopping' ? 'busy' : 'done'
    case 'Failed':
    case 'Unhealthy':
      return 'bad'
    default:
      return 'busy'
  }
}

const taskPhases: Readonly<Record<TaskState, Phase>> = {
  Pending: 'waiting',
  Running: 'busy',
  Succeeded: 'done',
  Skipped: 'done',
  Failed: 'bad',
  Blocked: 'bad',
}

const stopPhases: Readonly<Partial<Record<ServiceState, Phase>>> = {
  Stopping: 'busy',
  NotStarted: 'done',
  Stopped: 'done',
  Failed: 'bad',
}

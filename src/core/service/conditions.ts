import type {ServiceState, TaskState} from '../contract/service-state.js'
import type {DependencyCondition} from '../contract/stack.js'
import type {BlockedBy} from '../contract/status.js'

/** What others may know of a service or task when they wait for it. */
export type NodeView = ServiceView | TaskView

export interface ServiceView {
  readonly kind: 'service'
  readonly state: ServiceState
  /** Ended by itself, with a success code. */
  readonly endedWell: boolean
  /** Ended by itself, whatever the code. */
  readonly ended: boolean
  /** Its health check has passed in the current attempt, or it has none: a one-shot that ended well counts as ready only then. */
  readonly wasReady: boolean
  /** Its workload has been launched in the current attempt. */
  readonly launched: boolean
  readonly overdue: boolean
  /** What runs is not what was asked for. */
  readonly fellBack: boolean
  readonly reason: string | null
  readonly blockedBy: BlockedBy | null
  /** Of one that runs: whether that is known now. Nothing begins beside what may be away. @default it is */
  readonly inSight?: Verdict
}

export interface TaskView {
  readonly kind: 'task'
  readonly state: TaskState
  readonly reason: string | null
  readonly blockedBy: BlockedBy | null
}

export type Verdict =
  {readonly is: 'holds'} | {readonly is: 'never'; readonly reason: string} | {readonly is: 'pending'}

const holds: Verdict = {is: 'holds'}
const pending: Verdict = {is: 'pending'}
const never = (reason: string): Verdict => ({is: 'never', reason})

/** Does a condition hold for this node, may it still, or can it never? The reason fits after "which". */
export function evaluate(condition: DependencyCondition, view: NodeView): Verdict {
  return view.kind === 'task' ? evaluateTask(view, condition) : evaluateService(view, condition)
}

function evaluateTask(view: TaskView, condition: DependencyCondition): Verdict {
  switch (view.state) {
    case 'Succeeded':
    case 'Skipped':
      return holds
    case 'Failed':
      return condition === 'completed' || condition === 'started' ? holds : never(because('failed', view.reason))
    case 'Blocked':
      return never(because('is blocked', view.reason))
    case 'Running':
      return condition === 'started' ? holds : pending
    case 'Pending':
      return pending
  }
}

function evaluateService(view: ServiceView, condition: DependencyCondition): Verdict {
  if (view.blockedBy) return never(because('is blocked', view.reason))
  if (fulfilled(view, condition)) {
    return condition === 'ready' && view.state === 'Running' ? (view.inSight ?? holds) : holds
  }
  if (condition === 'ready' && view.overdue) return never('was not ready in time')
  return finallyDown(view) ?? pending
}

function fulfilled(view: ServiceView, condition: DependencyCondition): boolean {
  switch (condition) {
    case 'started':
      return view.launched
    case 'ready':
      return view.state === 'Running' || (view.endedWell && view.wasReady)
    case 'completed':
      return view.ended
    case 'succeeded':
      return view.endedWell
  }
}

/** A service that ended for good cannot fulfil anything any more. */
function finallyDown(view: ServiceView): Verdict | undefined {
  if (view.state === 'Failed') return never(because('failed', view.reason))
  if (view.state === 'Stopped') return never(view.ended ? because('ended', view.reason) : 'was stopped')
  return view.state === 'Stopping' ? never('is being stopped') : undefined
}

function because(what: string, reason: string | null): string {
  return reason === null ? what : `${what} (${reason})`
}

import type {Semaphore} from '../base/semaphore.js'
import type {BlockedBy} from '../contract/status.js'
import type {NodeView} from './conditions.js'
import type {Plan, PlanAction, PlanStep, StepResult} from './plan.js'
import type {NodeKey} from './stack-graph.js'
import {waitForEdges, waitForTurn} from './wait-for-edges.js'

/** A service or task as the plan's runner sees it. */
export interface PlanNode {
  view(): NodeView
  onChange(listener: () => void): Disposable
  /** Carries the action out, for this cause; resolves when it has been begun (start) or finished (run, stop). Failures show in `view`, not here. */
  act(action: PlanAction, cause: string): Promise<StepResult>
  /** Notes that it can not start. */
  block(by: BlockedBy): Promise<void>
  /** Shows what it waits for. */
  waitFor(names: readonly string[]): void
}

export interface RunPlanOptions {
  readonly node: (key: NodeKey) => PlanNode
  /** Aborted when the node is no longer wanted (somebody stopped it meanwhile). */
  readonly wanted: (key: NodeKey) => AbortSignal
  /** Bounds how many services are launched at once. Waiting, stopping and running a task take no place. */
  readonly places: Semaphore
}

export type {StepResult} from './plan.js'

/**
 * Carries a plan out, as parallel as its edges allow. Takes no decision: it waits for the edges of each step, acts, or blocks the step with
 * the reason. Answers at once with what will have come of each step; a step rejects only when its state could not be written.
 */
export function runPlan(plan: Plan, options: RunPlanOptions): ReadonlyMap<NodeKey, Promise<StepResult>> {
  const results = new Map<NodeKey, Promise<StepResult>>()
  for (const step of plan.steps) {
    const result = runStep(step, plan, options, results)
    result.catch(() => undefined)
    results.set(step.key, result)
  }
  return results
}

async function runStep(
  step: PlanStep,
  plan: Plan,
  options: RunPlanOptions,
  results: ReadonlyMap<NodeKey, Promise<StepResult>>,
): Promise<StepResult> {
  const node = options.node(step.key)
  if (step.action === 'keep') return 'acted'
  const wanted = options.wanted(step.key)
  const onWait = (names: readonly string[]): void => {
    node.waitFor(names)
  }
  const surroundings = {node: options.node, results, wanted, onWait}
  if (plan.direction === 'down') await waitForTurn(step, results)
  const obstacle = plan.direction === 'up' ? await waitForEdges(step, surroundings) : undefined
  node.waitFor([])
  if (wanted.aborted) return 'cancelled'
  if (obstacle) {
    await node.block(obstacle)
    return 'blocked'
  }
  const act = (): Promise<StepResult> =>
    wanted.aborted ? Promise.resolve('cancelled') : node.act(step.action, step.cause)
  const result = await (step.action === 'start' ? options.places.run(act) : act())
  return isAborted(wanted) ? 'cancelled' : result
}

/** A call, because the signal may have changed since the compiler last saw it. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted
}

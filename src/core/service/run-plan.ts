import type {Semaphore} from '../base/semaphore.js'
import type {BlockedBy} from '../contract/status.js'
import {evaluate, type NodeView, type Verdict} from './conditions.js'
import type {Plan, PlanAction, PlanEdge, PlanStep} from './plan.js'
import {kindOf, nameOf, type NodeKey} from './stack-graph.js'

/** A service or task as the plan's runner sees it. */
export interface PlanNode {
  view(): NodeView
  onChange(listener: () => void): Disposable
  /** Carries the action out; resolves when it has been begun (start) or finished (run, stop). Failures show in `view`, not here. */
  act(action: PlanAction): Promise<void>
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

export type StepResult = 'acted' | 'blocked' | 'cancelled'

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
  const obstacle = await waitForEdges(step, node, {...options, results, wanted, direction: plan.direction})
  node.waitFor([])
  if (wanted.aborted) return 'cancelled'
  if (obstacle) {
    await node.block(obstacle)
    return 'blocked'
  }
  const act = (): Promise<void> => (wanted.aborted ? Promise.resolve() : node.act(step.action))
  await (step.action === 'start' ? options.places.run(act) : act())
  return isAborted(wanted) ? 'cancelled' : 'acted'
}

/** A call, because the signal may have changed since the compiler last saw it. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted
}

interface Waiting {
  readonly node: RunPlanOptions['node']
  readonly results: ReadonlyMap<NodeKey, Promise<StepResult>>
  readonly wanted: AbortSignal
  readonly direction: 'down' | 'up'
}

/** Waits for all edges at once; the first that can never hold ends the wait. */
async function waitForEdges(
  step: PlanStep,
  node: Pick<PlanNode, 'waitFor'>,
  waiting: Waiting,
): Promise<BlockedBy | undefined> {
  if (step.after.length === 0) return undefined
  const open = new Set(step.after)
  const show = (): void => {
    node.waitFor([...open].map((edge) => nameOf(edge.key)))
  }
  show()
  const ended = new AbortController()
  const signal = AbortSignal.any([waiting.wanted, ended.signal])
  const obstacles: BlockedBy[] = []
  await Promise.all(
    step.after.map(async (edge) => {
      const verdict = await waitForEdge(edge, waiting, signal)
      open.delete(edge)
      if (verdict.is === 'never' && waiting.direction === 'up') {
        obstacles.push({kind: kindOf(edge.key), name: nameOf(edge.key), reason: sentence(step, edge, verdict.reason)})
        ended.abort()
      } else if (!signal.aborted) show()
    }),
  )
  return obstacles[0]
}

/** Stale states do not count: the other's own step has to have been acted upon first. */
async function waitForEdge(edge: PlanEdge, waiting: Waiting, signal: AbortSignal): Promise<Verdict> {
  const other = waiting.node(edge.key)
  const acted = waiting.results.get(edge.key)
  const turn = Promise.race([acted, aborted(signal)])
  if (waiting.direction === 'down') {
    await turn.catch(() => undefined)
    return {is: 'holds'}
  }
  if ((await turn) === 'cancelled') return {is: 'never', reason: 'was stopped'}
  return new Promise((resolve) => {
    const settle = (): void => {
      const verdict = signal.aborted ? ({is: 'pending'} as const) : evaluate(edge.condition, other.view())
      if (verdict.is === 'pending' && !signal.aborted) return
      subscription[Symbol.dispose]()
      signal.removeEventListener('abort', settle)
      resolve(verdict)
    }
    const subscription = other.onChange(settle)
    signal.addEventListener('abort', settle)
    settle()
  })
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else
      signal.addEventListener(
        'abort',
        () => {
          resolve()
        },
        {once: true},
      )
  })
}

function sentence(step: PlanStep, edge: PlanEdge, reason: string): string {
  return `${step.name} needs ${kindOf(edge.key)} '${nameOf(edge.key)}', which ${reason}`
}

import type {BlockedBy} from '../contract/status.js'
import {evaluate, type NodeView, type Verdict} from './conditions.js'
import type {PlanEdge, PlanStep, StepResult} from './plan.js'
import {kindOf, nameOf, type NodeKey} from './stack-graph.js'

/** What a waiting step sees of the rest of its plan. */
export interface Surroundings {
  readonly node: (key: NodeKey) => {view(): NodeView; onChange(listener: () => void): Disposable}
  readonly results: ReadonlyMap<NodeKey, Promise<StepResult>>
  /** Aborts when the step is not wanted any more. */
  readonly wanted: AbortSignal
  /** Hears what is still waited for, whenever that changes. */
  readonly onWait: (names: readonly string[]) => void
}

/** Stopping: waits for the end of the others, whatever it was. */
export async function waitForTurn(step: PlanStep, results: Surroundings['results']): Promise<void> {
  for (const {key} of step.after) await results.get(key)?.catch(() => undefined)
}

/**
 * Starting: waits until all edges hold at the same moment. Answers at once with the first that can never hold, and with nothing when the
 * step is not wanted any more. Stale states do not count: the other's own step has to have been acted upon first.
 */
export function waitForEdges(step: PlanStep, surroundings: Surroundings): Promise<BlockedBy | undefined> {
  const {node, results, wanted, onWait} = surroundings
  const waits = step.after.map((edge) => openWait(edge, node(edge.key)))
  if (waits.length === 0) return Promise.resolve(undefined)
  return new Promise((resolve, reject) => {
    let shown = ''
    const finish = (settle: () => void): void => {
      for (const wait of waits) wait[Symbol.dispose]()
      wanted.removeEventListener('abort', look)
      settle()
    }
    const look = (): void => {
      const obstacle = wanted.aborted ? undefined : firstObstacle(step, waits)
      const open = waits.filter((wait) => wait.verdict().is !== 'holds').map(({edge}) => nameOf(edge.key))
      if (wanted.aborted || obstacle || open.length === 0)
        finish(() => {
          resolve(obstacle)
        })
      else if (open.join() !== shown) {
        shown = open.join()
        onWait(open)
      }
    }
    wanted.addEventListener('abort', look)
    for (const wait of waits) {
      Promise.resolve(results.get(wait.edge.key)).then(
        (result) => {
          wait.begin(result, look)
        },
        (error: unknown) => {
          finish(() => {
            reject(error instanceof Error ? error : new Error(String(error)))
          })
        },
      )
    }
    look()
  })
}

interface EdgeWait extends Disposable {
  readonly edge: PlanEdge
  verdict(): Verdict
  /** The other's step has been acted upon: from now on its state counts. */
  begin(result: StepResult | undefined, look: () => void): void
}

function openWait(edge: PlanEdge, other: ReturnType<Surroundings['node']>): EdgeWait {
  let last: Verdict = {is: 'pending'}
  let subscription: Disposable | undefined
  let over = false
  const update = (): void => {
    // That something began or ended stays true; whether it is ready is asked until the very moment of the start.
    if (last.is !== 'holds' || edge.condition === 'ready') last = evaluate(edge.condition, other.view())
  }
  return {
    edge,
    verdict: () => last,
    begin(result, look) {
      if (over) return
      if (result === 'cancelled') last = {is: 'never', reason: 'was stopped'}
      else {
        update()
        subscription = other.onChange(() => {
          update()
          look()
        })
      }
      look()
    },
    [Symbol.dispose]() {
      over = true
      subscription?.[Symbol.dispose]()
    },
  }
}

function firstObstacle(step: PlanStep, waits: readonly EdgeWait[]): BlockedBy | undefined {
  for (const wait of waits) {
    const {edge} = wait
    const found = wait.verdict()
    if (found.is !== 'never') continue
    const [kind, name] = [kindOf(edge.key), nameOf(edge.key)]
    return {kind, name, reason: `${step.name} needs ${kind} '${name}', which ${found.reason}`}
  }
  return undefined
}

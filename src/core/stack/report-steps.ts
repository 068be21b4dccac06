import {isoTime, type Clock} from '../base/clock.js'
import type {Json} from '../base/json.js'
import type {ProgressStep} from '../contract/status.js'
import type {Plan} from '../service/plan.js'
import type {NodeKey} from '../service/stack-graph.js'
import type {ServiceSupervisor} from '../service/supervisor.js'
import type {TaskRunner} from './task-runner.js'

export interface StepReport {
  readonly node: (key: NodeKey) => ServiceSupervisor | TaskRunner
  readonly clock: Clock
  readonly onStep: (step: ProgressStep) => void
  /** Hears what the tasks of the plan say. */
  readonly taskEvents?: TaskEvents
}

export interface TaskEvents {
  readonly onEvent: (task: string, event: Json) => void
  /** Resolves when there is room for more, or after a while. */
  readonly room: () => Promise<void>
}

/** Tells of every change of what a plan names, until disposed of. */
export function reportSteps(plan: Plan, {node, clock, onStep, taskEvents}: StepReport): Disposable {
  const subscriptions = plan.steps.flatMap(({key, kind, name}) => {
    const of = node(key)
    const changes = of.onChange(() => {
      const status = of.status()
      const message = status.reason ?? ('health' in status ? (status.health?.message ?? null) : null)
      const {state, waitsFor} = status
      onStep({kind, name, state, waitsFor, message, trouble: troubleOf(of), at: isoTime(clock.now())})
    })
    if (!taskEvents || !('onEvent' in of)) return [changes]
    const {onEvent, room} = taskEvents
    const said = of.onEvent({
      onEvent: (event) => {
        onEvent(name, event)
      },
      room,
    })
    return [changes, said]
  })
  return {
    [Symbol.dispose]() {
      for (const subscription of subscriptions) subscription[Symbol.dispose]()
    },
  }
}

function troubleOf(node: ServiceSupervisor | TaskRunner): ProgressStep['trouble'] {
  const view = node.view()
  if (view.blockedBy) return 'blocked'
  return view.kind === 'service' && view.overdue ? 'overdue' : null
}

import {isoTime, type Clock} from '../base/clock.js'
import type {ProgressStep} from '../contract/status.js'
import type {Plan} from '../service/plan.js'
import type {NodeKey} from '../service/stack-graph.js'
import type {ServiceSupervisor} from '../service/supervisor.js'
import type {TaskRunner} from './task-runner.js'

export interface StepReport {
  readonly node: (key: NodeKey) => ServiceSupervisor | TaskRunner
  readonly clock: Clock
  readonly onStep: (step: ProgressStep) => void
}

/** Tells of every change of what a plan names, until disposed of. */
export function reportSteps(plan: Plan, {node, clock, onStep}: StepReport): Disposable {
  const subscriptions = plan.steps.map(({key, kind, name}) => {
    const of = node(key)
    return of.onChange(() => {
      const status = of.status()
      const message = status.reason ?? ('health' in status ? (status.health?.message ?? null) : null)
      const {state, waitsFor} = status
      onStep({kind, name, state, waitsFor, message, trouble: troubleOf(of), at: isoTime(clock.now())})
    })
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

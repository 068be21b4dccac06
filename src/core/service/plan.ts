import type {TaskState} from '../contract/service-state.js'
import type {DependencyCondition} from '../contract/stack.js'
import type {ServiceRecord} from './record.js'
import {nameOf, type NodeKey} from './stack-graph.js'

export type PlanAction = 'keep' | 'restart' | 'run' | 'start' | 'stop'

export interface PlanStep {
  readonly key: NodeKey
  readonly kind: 'service' | 'task'
  readonly name: string
  readonly action: PlanAction
  /** Why this action. */
  readonly cause: string
  /** What must hold before; only nodes of the same plan. */
  readonly after: readonly PlanEdge[]
}

export interface PlanEdge {
  readonly key: NodeKey
  readonly condition: DependencyCondition
}

/** What has come of a step: begun or finished, kept from it by what it needs, or not wanted any more. */
export type StepResult = 'acted' | 'blocked' | 'cancelled'

/** What is to be done, as data: nothing is decided while it is carried out. */
export interface Plan {
  /** `down`: each step waits for the end of the others it names, whatever it was. */
  readonly direction: 'down' | 'up'
  /** In an order in which each step comes after those it waits for. */
  readonly steps: readonly PlanStep[]
}

/** A service as a plan finds it. */
interface ObservedService extends Pick<ServiceRecord, 'desired' | 'failure' | 'state'> {
  /** Runs with another definition than the present one. */
  readonly changed: boolean
}

/** What a plan needs to know of the present. */
export interface Observed {
  readonly services: Readonly<Record<string, ObservedService>>
  readonly tasks: Readonly<Record<string, TaskState>>
}

/** One line a step, for people and tests. */
export function formatPlan(plan: Plan): string {
  return plan.steps
    .map((step) => {
      const after = step.after.map((edge) => `${nameOf(edge.key)} ${edge.condition}`)
      const wait = after.length === 0 || plan.direction === 'down' ? '' : ` after ${after.join(', ')}`
      return `${step.action} ${step.kind} ${step.name}${wait} (${step.cause})`
    })
    .join('\n')
}

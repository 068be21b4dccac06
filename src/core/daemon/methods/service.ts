import type {ProgressStep} from '../../contract/status.js'
import type {Plan} from '../../service/plan.js'
import {nameOf} from '../../service/stack-graph.js'
import type {Call, Handlers} from '../../transport/connection.js'
import type {DaemonContext} from '../context.js'

type ServiceMethods = Pick<Handlers, 'service.restart' | 'service.start' | 'service.status' | 'service.stop'>

/** Work goes on when the client leaves or takes its request back: what was asked for is finished. */
export function serviceMethods({stacks, once}: DaemonContext): ServiceMethods {
  const start =
    (restart: boolean): Handlers['service.start'] =>
    ({stack, services, env, requestId}, call) =>
      once.run(`${restart ? 'service.restart' : 'service.start'} ${requestId}`, () =>
        stacks.find(stack).start({services, env, restart, ...progressOf(call)}),
      )
  return {
    'service.start': start(false),
    'service.restart': start(true),
    'service.stop': ({stack, services, dependents, requestId}, call) =>
      once.run(`service.stop ${requestId}`, () => stacks.find(stack).stop({services, dependents, ...progressOf(call)})),
    'service.status': ({stack, services}) => stacks.find(stack).status(services),
  }
}

/** Reports a plan and its steps to the client that asked. */
export function progressOf(call: Call): {
  readonly onPlan: (plan: Plan) => void
  readonly onStep: (step: ProgressStep) => void
} {
  return {
    onPlan(plan) {
      call.progress({
        plan: plan.steps.map(({kind, name, action, cause, after}) => ({
          kind,
          name,
          action,
          cause,
          after: after.map((edge) => nameOf(edge.key)),
        })),
      })
    },
    onStep(step) {
      call.progress({step})
    },
  }
}

import {describeLayers} from '../../command/wrap.js'
import type {Catalogue} from '../../contract/catalogue.js'
import type {ProgressStep} from '../../contract/status.js'
import type {PlannedStep} from '../../protocol/notifications.js'
import type {Plan} from '../../service/plan.js'
import {nameOf} from '../../service/stack-graph.js'
import type {Call, Handlers} from '../../transport/connection.js'
import type {Stack} from '../../stack/stack.js'
import type {TaskEvents} from '../../stack/report-steps.js'
import type {SessionMethods} from './sessions.js'
import type {DaemonContext} from '../context.js'
import {environmentOf} from '../login-environment.js'
import {taskEventsTo} from './task-events.js'

type ServiceMethods = Omit<Pick<Handlers, Extract<keyof Handlers, `service.${string}`>>, keyof SessionMethods>

/** Work goes on when the client leaves or takes its request back: what was asked for is finished. */
export function serviceMethods({stacks, catalogue}: DaemonContext): ServiceMethods {
  const start =
    (restart: boolean): Handlers['service.start'] =>
    ({stack, requestId, env, login, ...options}, call) =>
      stacks.find(stack).start({...options, env: environmentOf({env, login}), requestId, restart, ...progressOf(call)})
  return {
    'service.start': start(false),
    'service.restart': start(true),
    'service.plan': ({stack, ...wish}) => {
      const found = stacks.find(stack)
      return {steps: plannedSteps(found.plan(wish)).map((step) => ({...step, ...layersOf(step, found, catalogue)}))}
    },
    'service.stop': ({stack, requestId: _id, ...options}, call) =>
      stacks.find(stack).stop({...options, ...progressOf(call)}),
    'service.scale': ({stack, service, replicas, ...caller}, call) =>
      stacks.scale(stacks.find(stack), {service, replicas}, {env: environmentOf(caller), ...progressOf(call)}),
    'service.signal': async ({stack, service, signal}) => ({
      signalled: await stacks.find(stack).sessions.signal(service, signal),
    }),
    'service.stats': async ({stack, services}, call) => ({
      stats: await stacks.find(stack).usage(services, call.signal),
    }),
    'service.status': ({stack, services}) => stacks.find(stack).status(services),
    'service.env': ({stack, service}) => stacks.find(stack).environment(service),
    'service.history': ({stack, service}) => ({history: stacks.find(stack).history(service)}),
  }
}

function plannedSteps({steps}: Plan): readonly PlannedStep[] {
  return steps.map(({kind, name, action, cause, after}) => ({
    kind,
    name,
    action,
    cause,
    after: after.map((edge) => nameOf(edge.key)),
  }))
}

/** What it runs in, in words; of a replica that of its service. */
function layersOf(
  {kind, name}: PlannedStep,
  {definition: {services, tasks}}: Stack,
  catalogue: Catalogue,
): Pick<PlannedStep, 'layers'> {
  const entry = kind === 'task' ? tasks[name] : (services[name] ?? services[name.replace(/-\d+$/, '')])
  const {layers = []} = entry ?? {}
  return layers.length === 0 ? {} : {layers: describeLayers(layers, (type) => catalogue.layer(type))}
}

/** Reports a plan, its steps and what its tasks say to the client that asked. */
export function progressOf(call: Call): {
  readonly onPlan: (plan: Plan) => void
  readonly onStep: (step: ProgressStep) => void
  readonly taskEvents: TaskEvents
} {
  return {
    taskEvents: taskEventsTo(call),
    onPlan(plan) {
      call.progress({plan: plannedSteps(plan)})
    },
    onStep(step) {
      call.progress({step})
    },
  }
}

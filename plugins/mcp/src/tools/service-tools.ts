import type {StartOutcome} from '@service-harness/cli/plugin'
import type {MethodToolOptions} from './method-tool.js'
import type {Tool, ToolAnswer} from './tool.js'

const filled = ['requestId', 'env', 'login']
const services = {services: []}

export function serviceTools(options: MethodToolOptions): readonly Tool[] {
  return [statusTool(options), startTool(options), stopTool(options), restartTool(options)]
}

function statusTool({lent: {client, protocol}, scope, make}: MethodToolOptions): Tool {
  return make('service.status', {
    description: protocol.methods['service.status'].summary,
    annotations: {readOnlyHint: true},
    without: [],
    defaults: services,
    about: {services: 'Those to be told of; all when none is named.'},
    run: async (args, {signal}) => ({
      value: await client.service.status({...args, stack: scope.stackOf(args)}, {signal}),
    }),
  })
}

function startTool({lent: {client}, scope, make, aboutFile}: MethodToolOptions): Tool {
  return make('service.start', {
    description: `Starts services with what they depend on, and answers when each that was asked for has settled. ${aboutFile}`,
    annotations: {readOnlyHint: false, destructiveHint: false, idempotentHint: true},
    without: filled,
    defaults: services,
    about: {services: 'Those to be started; all when none is named.'},
    async run(args, call) {
      const {stack, caller} = await scope.open(args)
      return started(await client.service.start({...args, stack, ...caller}, call))
    },
  })
}

function restartTool({lent: {client, protocol}, scope, make, aboutFile}: MethodToolOptions): Tool {
  return make('service.restart', {
    description: `${protocol.methods['service.restart'].summary} ${aboutFile}`,
    annotations: {readOnlyHint: false, destructiveHint: true},
    without: filled,
    defaults: services,
    about: {services: 'Those to be restarted; all when none is named.'},
    async run(args, call) {
      const {stack, caller} = await scope.open(args)
      return started(await client.service.restart({...args, stack, ...caller}, call))
    },
  })
}

function stopTool({lent: {client}, scope, make}: MethodToolOptions): Tool {
  return make('service.stop', {
    description:
      'Stops services in reverse order of their dependencies, and answers when nothing of them is left. What has not ended after `timeoutMs` is forced.',
    annotations: {readOnlyHint: false, destructiveHint: true, idempotentHint: true},
    without: filled,
    defaults: {...services, dependents: 'refuse'},
    about: {
      services: 'Those to be stopped; all when none is named.',
      dependents: 'What becomes of services that run and need them.',
    },
    async run(args, call) {
      const params = {dependents: 'refuse' as const, ...args, stack: scope.stackOf(args)}
      const outcome = await client.service.stop(params, call)
      return {value: outcome, failed: outcome.failed.length > 0}
    },
  })
}

function started(outcome: StartOutcome): ToolAnswer {
  return {value: outcome, failed: outcome.failed.length + outcome.blocked.length > 0}
}

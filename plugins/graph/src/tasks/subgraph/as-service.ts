import type {ActionContext, Endpoint, PluginServices, TaskContext} from '@service-harness/cli/plugin'
import type {Context} from '../../graph-node/graph-node.js'
import type {ToolLine} from '../shared/run-tool.js'
import type {SubgraphEvent} from './event.js'
import type {SubgraphInput} from './input.js'

/** What actions of graph-node see of it, as a task sees it: so tasks deploy as actions do. */
export function asService(
  {service = 'graph-node', ipfs, ethereum}: SubgraphInput,
  context: TaskContext<SubgraphEvent>,
): ActionContext<SubgraphEvent> & Context {
  return {
    signal: context.signal,
    directory: context.directory,
    endpointOf: (of, name) => context.endpointOf(of, name),
    run: (command) => context.run(command),
    config: {...(ipfs === undefined ? {} : {ipfs}), ...(ethereum === undefined ? {} : {ethereum})},
    // A task does not see the config of the service: of its networks is known what the task is told.
    target: {type: 'task-attach', spec: null},
    endpoint: (name) => endpointAt(context.endpointOf(service, name), name),
    get handle(): never {
      throw new Error('A task has no workload of the service.')
    },
    emit(event) {
      context.emit(event)
    },
    progress(text) {
      context.emit({stream: 'stdout', text} satisfies ToolLine)
    },
  }
}

function endpointAt(url: string, name = 'default'): Endpoint {
  const {protocol, hostname, port} = new URL(url)
  const isSafe = protocol === 'https:'
  return {
    name,
    protocol: isSafe ? 'https' : 'http',
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port === '' ? (isSafe ? 443 : 80) : port),
  }
}

/** What fails is a task. */
export function asTask(services: PluginServices): PluginServices {
  const error: PluginServices['error'] = (_code, info) => services.error('TASK_FAILED', info)
  return Object.create(services, {error: {value: error}}) as PluginServices
}

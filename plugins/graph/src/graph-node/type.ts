import type {PluginServices, ServiceType} from '@service-harness/cli/plugin'
import {actions} from './actions/table.js'
import {configSchema, type GraphNodeConfig} from './config.js'
import {defaults} from './defaults.js'
import {event, processEvent, type GraphNodeEvent} from './events.js'

/** `service_type: graph-node` */
export function graphNode(services: PluginServices) {
  return {
    type: 'graph-node',
    summary: 'Graph Node: indexes a chain into the data of subgraphs, and answers queries of it.',
    configSchema,
    defaults,
    actions: actions(services),
    event,
    processEvent,
  } as const satisfies ServiceType<GraphNodeConfig, GraphNodeEvent>
}

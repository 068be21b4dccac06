import type {PluginServices, ServiceType} from '@service-harness/cli/plugin'
import {object} from '../shared/object-schema.js'

/** `service_type: graph-node` */
export function graphNode(_services: PluginServices) {
  return {
    type: 'graph-node',
    summary: 'graph-node.',
    configSchema: object<object>({}),
    defaults: () => ({}),
  } as const satisfies ServiceType<object>
}

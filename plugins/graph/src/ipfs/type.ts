import type {PluginServices, ServiceType} from '@service-harness/cli/plugin'
import {object} from '../shared/object-schema.js'

/** `service_type: ipfs` */
export function ipfs(_services: PluginServices) {
  return {
    type: 'ipfs',
    summary: 'ipfs.',
    configSchema: object<object>({}),
    defaults: () => ({}),
  } as const satisfies ServiceType<object>
}

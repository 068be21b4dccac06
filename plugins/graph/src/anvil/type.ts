import type {PluginServices, ServiceType} from '@service-harness/cli/plugin'
import {object} from '../shared/object-schema.js'

/** `service_type: anvil` */
export function anvil(_services: PluginServices) {
  return {
    type: 'anvil',
    summary: 'anvil.',
    configSchema: object<object>({}),
    defaults: () => ({}),
  } as const satisfies ServiceType<object>
}

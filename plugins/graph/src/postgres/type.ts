import type {PluginServices, ServiceType} from '@service-harness/cli/plugin'
import {object} from '../shared/object-schema.js'

/** `service_type: postgres` */
export function postgres(_services: PluginServices) {
  return {
    type: 'postgres',
    summary: 'postgres.',
    configSchema: object<object>({}),
    defaults: () => ({}),
  } as const satisfies ServiceType<object>
}

import type {PluginServices, ServiceType} from '@service-harness/cli/plugin'
import {readiness} from '../shared/readiness.js'
import {actions} from './actions/actions.js'
import {type AnvilConfig, configSchema} from './config.js'
import {type AnvilEvent, event, processEvent} from './event.js'
import {runBy} from './target.js'

/** `service_type: anvil` */
export function anvil(services: PluginServices) {
  return {
    type: 'anvil',
    summary: 'Anvil, an Ethereum chain for development.',
    configSchema,
    defaults: (config: AnvilConfig, {name}: {readonly name: string}) => ({
      ...runBy(config, name),
      ports: [{name: 'rpc', protocol: 'http', port: 8545}],
      // Through the port of a container one is always connected. An empty request is answered with 200, and what is wrong with it.
      readiness: readiness({
        kind: 'http',
        url: `http://\${${name}.host}:\${${name}.ports.rpc}/`,
        method: 'POST',
        headers: {},
        expectedStatus: '200',
      }),
      stopSignal: 'SIGTERM',
      // Writing a chain of many blocks to its file takes its time.
      graceMs: config.state === undefined ? 10_000 : 60_000,
      startupTimeoutMs: config.fork === undefined ? 30_000 : 60_000,
    }),
    actions: actions(services),
    event,
    processEvent,
  } as const satisfies ServiceType<AnvilConfig, AnvilEvent>
}

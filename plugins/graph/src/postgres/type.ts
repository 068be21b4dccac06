import type {PluginServices, ServiceType} from '@service-harness/cli/plugin'
import {readiness} from '../shared/readiness.js'
import {actions} from './actions/table.js'
import {configSchema, type PostgresConfig} from './config.js'
import {port} from './connect.js'
import {eventSchema, processEvent, type PostgresEvent} from './events.js'
import {resolvedConfig} from './resolved-config.js'
import {setup} from './setup.js'
import {environmentOf, targetOf} from './target.js'

/** `service_type: postgres` */
export function postgres(services: PluginServices) {
  return {
    type: 'postgres',
    summary: 'PostgreSQL, with the databases and extensions that graph-node needs.',
    configSchema,
    defaults(given: PostgresConfig, {name}: {readonly name: string}) {
      const config = resolvedConfig(given)
      const target = targetOf(config, name)
      return {
        target,
        ports: [{name: port.name, protocol: 'tcp', port: port.number}],
        env: environmentOf(config),
        readiness: readiness({kind: 'tcp', host: `\${${name}.host}`, port: `\${${name}.ports.${port.name}}`}),
        // "Fast" shutdown: TERM would wait until everybody has hung up.
        stopSignal: 'SIGINT',
        graceMs: 30_000,
        restart: restartPolicy,
        // An image may have to be fetched.
        ...(target.type === 'process' && {startupTimeoutMs: 120_000}),
      }
    },
    setup: setup(services),
    actions: actions(services),
    event: eventSchema,
    processEvent,
  } as const satisfies ServiceType<PostgresConfig, PostgresEvent>
}

const restartPolicy = {
  policy: 'on-failure',
  delayMs: 500,
  factor: 2,
  maxDelayMs: 10_000,
  jitter: 0.1,
  maxAttempts: 3,
  windowMs: 60_000,
  resetAfterMs: 60_000,
} as const

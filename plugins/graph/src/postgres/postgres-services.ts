import type {PluginServices, ServiceContext} from '@service-harness/cli/plugin'
import type {PostgresConfig} from './config.js'

/** What setup and actions see of the service. */
export type Context = ServiceContext<PostgresConfig>

/** Lent by the host: what is used here. */
export type Services = Pick<PluginServices, 'error' | 'run'>

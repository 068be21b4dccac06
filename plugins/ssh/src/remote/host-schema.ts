import path from 'node:path'
import type {NetworkNode, NetworkSeat, StartRequest} from '@service-harness/cli/plugin'
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

/** Of targets that serve ports. */
export const forwardProperty = {
  forward: {
    enum: ['auto', 'never'],
    default: 'auto',
    description:
      'Carry its ports to this machine, and those of services of this machine that it refers to there, through the connection to the host, where no network of the stack leads. A port of the list is the one there; here it is the same where that is free.',
  },
} as const

/** Where it takes part in networks. */
export function seatOf({host, forward}: {readonly host: string; readonly forward?: 'auto' | 'never'}): NetworkSeat {
  return forward === 'never' ? {host} : {host, tunnel: true}
}

/** As it is written to disk. */
export type SavedHost = {
  readonly host: string
  readonly user?: string
  readonly port?: number
  readonly key?: string
  readonly jump?: string | string[]
}

/**
 * The machine of a target, which may be a host of a network of the stack by its name, with all paths absolute. The passphrase apart: it is a secret.
 */
export function hostOf({
  spec,
  directory,
  nodes,
}: Pick<StartRequest<HostFields>, 'directory' | 'nodes' | 'spec'>): SavedHost {
  const node = placeOf(spec.host, nodes)
  const {user = node.sshUser, port = node.sshPort, key = node.sshKey, jump} = spec
  const fields: Omit<Possible<SavedHost>, 'host'> = {
    user,
    port,
    key: key === undefined || key.startsWith('~') ? key : path.resolve(directory, key),
    jump: jump === undefined || typeof jump === 'string' ? jump : [...jump],
  }
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
  return {host: node.host, ...given}
}

function placeOf(
  host: string,
  nodes: StartRequest['nodes'],
): Omit<NetworkNode, 'host' | 'name'> & {readonly host: string} {
  const node = nodes?.[host]
  return {...node, host: node?.host ?? node?.address ?? host}
}

type Possible<Fields> = {readonly [Name in keyof Fields]: Fields[Name] | undefined}

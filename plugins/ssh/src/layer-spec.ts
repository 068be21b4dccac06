import type {JsonSchema} from '@service-harness/cli/plugin'

/** A machine that commands are led to. */
export interface SshLayerSpec {
  readonly host: string
  readonly user?: string
  readonly port?: number
  readonly key?: string
  readonly jump?: string
  readonly config?: string
}

/** Nothing that a program could take for one of its options, and nothing that means something to a shell. */
const host = '[A-Za-z0-9_:][A-Za-z0-9_.:%-]*'
const user = '[A-Za-z0-9_][A-Za-z0-9_.-]*'

export const sshLayerSchema: JsonSchema<SshLayerSpec> = {
  type: 'object',
  description: "Another machine, by OpenSSH's `ssh` of the one before it.",
  required: ['host'],
  properties: {
    host: {
      type: 'string',
      pattern: `^${host}$`,
      maxLength: 255,
      description: 'Its name or address, or a `Host` of the configuration of ssh.',
    },
    user: {type: 'string', pattern: `^${user}$`, maxLength: 64, description: 'Whom to log in as.'},
    port: {type: 'integer', minimum: 1, maximum: 65_535, description: 'Where its SSH server listens.'},
    key: {
      type: 'string',
      pattern: '^[^-\\n]',
      description: 'The file with the private key, on the machine that `ssh` runs on.',
    },
    jump: {
      type: 'string',
      pattern: `^(${user}@)?([A-Za-z0-9_][A-Za-z0-9_.-]*|\\[[A-Fa-f0-9:.%]+\\])(:[0-9]{1,5})?$`,
      maxLength: 330,
      description: 'A machine that only passes the connection on: `[user@]host[:port]`.',
    },
    config: {
      type: 'string',
      pattern: '^[^-\\n]',
      description: 'A file that `ssh` reads instead of its usual configuration.',
    },
  },
  additionalProperties: false,
}

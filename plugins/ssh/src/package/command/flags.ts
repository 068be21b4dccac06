import * as Flags from '@oclif/core/flags'

/** How a command is told which package on which machine it is about: by a service of a stack, or by the machine. */
export const placeFlags = {
  service: Flags.string({char: 's', summary: 'The package of this service of the stack.', helpValue: 'NAME'}),
  host: Flags.string({
    summary: 'The machine: a name, an address, or a Host of ~/.ssh/config.',
    helpValue: '[USER@]HOST[:PORT]',
    exclusive: ['service'],
  }),
  name: Flags.string({summary: 'The package on that machine.', helpValue: 'NAME', dependsOn: ['host']}),
  'install-path': Flags.string({
    summary: 'The folder of the package there, where it is not the usual one.',
    helpValue: 'PATH',
    dependsOn: ['host'],
  }),
  key: Flags.string({summary: 'The file of a private key.', helpValue: 'FILE', dependsOn: ['host']}),
  jump: Flags.string({
    summary: 'Hosts on the way, [user@]host[:port], with commas between them.',
    helpValue: 'HOSTS',
    dependsOn: ['host'],
  }),
  json: Flags.boolean({default: false, summary: 'Print JSON.'}),
  config: Flags.string({
    char: 'c',
    multiple: true,
    multipleNonGreedy: true,
    summary: 'The stack file. Several are merged.',
    helpValue: 'FILE',
    helpGroup: 'GLOBAL',
  }),
  env: Flags.string({
    summary: 'Lay this entry of `environments` over the stack file.',
    helpValue: 'NAME',
    helpGroup: 'GLOBAL',
    env: 'HARNESS_ENV',
  }),
} as const

/** What those flags come to. */
export interface PlaceChoice {
  readonly service?: string | undefined
  readonly host?: string | undefined
  readonly name?: string | undefined
  readonly 'install-path'?: string | undefined
  readonly key?: string | undefined
  readonly jump?: string | undefined
  readonly config?: readonly string[] | undefined
  readonly env?: string | undefined
}

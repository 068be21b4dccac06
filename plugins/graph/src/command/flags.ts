import * as Flags from '@oclif/core/flags'

/** Which stack a command is about: as for the commands of harness. */
export const stackFlags = {
  config: Flags.string({
    char: 'c',
    multiple: true,
    multipleNonGreedy: true,
    summary: 'The stack file. Several are merged; `-` is standard input.',
    helpValue: 'FILE',
    helpGroup: 'GLOBAL',
  }),
  stack: Flags.string({
    summary: 'The name of a stack that the daemon knows, instead of a file.',
    helpValue: 'NAME',
    helpGroup: 'GLOBAL',
    exclusive: ['config'],
  }),
  env: Flags.string({
    summary: 'Lay this entry of `environments` over the stack file.',
    helpValue: 'NAME',
    helpGroup: 'GLOBAL',
    env: 'HARNESS_ENV',
  }),
  daemon: Flags.string({
    summary: 'Speak with the daemon at this address instead of that of this machine.',
    helpValue: 'wss://HOST:PORT',
    helpGroup: 'GLOBAL',
    env: 'HARNESS_DAEMON',
  }),
} as const

/** For commands about one service of a type. */
export function serviceFlag(type: string) {
  return {
    service: Flags.string({
      char: 's',
      summary: `Which service of type ${type}, where the stack has several.`,
      helpValue: 'NAME',
    }),
  } as const
}

export const jsonFlag = {
  json: Flags.boolean({default: false, summary: 'Print JSON.', helpGroup: 'GLOBAL'}),
} as const

/** What the stack flags come to. */
export interface StackChoice {
  readonly config?: readonly string[] | undefined
  readonly stack?: string | undefined
  readonly env?: string | undefined
  readonly daemon?: string | undefined
}

/** The same choice as arguments of a command of harness. `env` is only for those that read the file. */
export function stackArguments({config = [], stack, env, daemon}: StackChoice): string[] {
  return [
    ...config.flatMap((file) => ['--config', file]),
    ...(stack === undefined ? [] : ['--stack', stack]),
    ...(env === undefined ? [] : ['--env', env]),
    ...(daemon === undefined ? [] : ['--daemon', daemon]),
  ]
}

import * as Flags from '@oclif/core/flags'

/** For commands that answer with data. */
export const jsonFlag = {
  json: Flags.boolean({
    default: false,
    summary: 'Print JSON on standard output, and nothing else there.',
    helpGroup: 'GLOBAL',
  }),
}

/** For commands about one stack. */
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
}

/** What the stack flags give a command. */
export interface StackChoiceFlags {
  readonly config?: readonly string[] | undefined
  readonly stack?: string | undefined
}

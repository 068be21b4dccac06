import * as Args from '@oclif/core/args'
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

/** For commands that show a log. */
export const logFlags = {
  follow: Flags.boolean({default: false, char: 'f', summary: 'Go on with what comes, until Ctrl-C.'}),
  tail: Flags.string({
    char: 'n',
    summary: 'How many of the last lines to begin with, or `all`.',
    default: '100',
    helpValue: 'LINES',
  }),
}

/** For commands about some services of a stack. */
export function servicesArgument(which: string) {
  return {services: Args.string({multiple: true, description: `${which}; all when none is named.`})}
}

/** What the stack flags give a command. */
export interface StackChoiceFlags {
  readonly config?: readonly string[] | undefined
  readonly stack?: string | undefined
}

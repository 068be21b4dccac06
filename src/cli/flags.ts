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

/** For a flag that names a daemon. */
export const daemonFlagParts = {helpValue: 'wss://HOST:PORT', helpGroup: 'GLOBAL'} as const

/** For commands that can be about the daemon of another machine. */
export const daemonFlag = {
  daemon: Flags.string({
    ...daemonFlagParts,
    summary: 'Speak with the daemon at this address instead of that of this machine.',
    env: 'HARNESS_DAEMON',
  }),
}

/** For commands about one stack of a daemon. */
export const stackFlags = {
  ...daemonFlag,
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

/** For commands that read the stack file. */
export const environmentFlag = {
  env: Flags.string({
    summary: 'Lay this entry of `environments` over the stack file.',
    helpValue: 'NAME',
    helpGroup: 'GLOBAL',
    env: 'HARNESS_ENV',
  }),
}

/** For commands that choose services by themselves. */
export const profileFlag = {
  profile: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    summary: 'Take the services of this profile too. Also a list in HARNESS_PROFILES, with commas.',
    helpValue: 'NAME',
  }),
}

/** For commands that show a log. */
export const logFlags = {
  follow: Flags.boolean({default: false, char: 'f', summary: 'Go on with what comes, until Ctrl-C.'}),
  tail: Flags.string({
    char: 'n',
    summary: 'How many of the last lines to begin with, or `all`. 100 when nothing else limits them.',
    helpValue: 'LINES',
  }),
}

/** For commands that start a daemon. */
export const listenFlags = {
  listen: Flags.string({
    summary: 'Listen at this address and no other, besides the unix socket.',
    helpValue: 'HOST:PORT',
  }),
  'allow-remote': Flags.boolean({
    summary: 'Let other machines reach the address of --listen. They need the token; see `harness daemon trust`.',
  }),
  'host-name': Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    summary: 'Another name that clients may use for this machine, besides its own and its addresses.',
    helpValue: 'NAME',
  }),
}

/** For commands that start services. */
export const startFlags = {
  'no-deps': Flags.boolean({default: false, summary: 'Only what is named, as if it needed nothing.'}),
  parallel: Flags.integer({min: 1, summary: 'How many services are launched at the same time.', helpValue: 'N'}),
  'rollback-on-failure': Flags.boolean({
    default: false,
    summary: 'When anything fails, stop what this start began.',
  }),
  restart: Flags.boolean({default: false, summary: 'Restart what runs among the services that are named.'}),
  'dry-run': Flags.boolean({default: false, summary: 'Print what would be done and why, and start nothing.'}),
  wait: Flags.boolean({
    default: true,
    allowNo: true,
    summary: 'Wait until everything has settled; --no-wait returns once the daemon has begun.',
  }),
  timeout: Flags.string({
    summary: 'Wait no longer than this, say what is not done and exit with 4. The start goes on.',
    helpValue: '30s',
    exclusive: ['dry-run', 'foreground', 'exit-code-from'],
  }),
  ci: Flags.boolean({
    default: false,
    summary:
      'The first failure stops what this start began; plain output. Without --foreground and --exit-code-from, what fails after the start has answered is not seen.',
    exclusive: ['dry-run'],
  }),
  foreground: Flags.boolean({
    default: false,
    summary: 'Show all logs until Ctrl-C, then stop what was started.',
    exclusive: ['dry-run'],
  }),
  'exit-code-from': Flags.string({
    summary: 'Show all logs until this service ends, stop the rest, and exit with its code.',
    helpValue: 'SERVICE',
    exclusive: ['dry-run'],
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
  readonly env?: string | undefined
}

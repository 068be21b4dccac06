import {shellEnvironment} from '../command/shell-environment.js'
import {shellQuote} from '../command/shell-quote.js'
import type {LayerUse} from '../contract/layer.js'
import type {ShimLaunch} from '../contract/shim.js'
import type {PlatformTools} from './platform.js'

export interface Launch extends ShimLaunch {
  /** Comes first in its standard input, which then stays open. */
  readonly lead?: string
  /** What the program leads to, where it is the client of a layer. */
  readonly inside?: Inside
}

/** What a program runs in, for those that are run beside it. */
export interface Inside {
  readonly layers: readonly LayerUse[]
  /** Variables of the program itself; those of the launch are its client's. */
  readonly env: Readonly<Record<string, string>>
  readonly cwd?: string
  /** In words, where they lead away from this machine. */
  readonly elsewhere?: string
}

/**
 * The script that the shim reads in the process that becomes the program, from its descriptor 7. Standard output and error are its descriptors 8 and 9,
 * `$dir` is the run directory, `"$@"` is the `env` program with the option that resets ignored signals. The first line holds the launch as data, for a later daemon to read.
 */
export function commandFile(launch: Launch, tools: Pick<PlatformTools, 'setsid'>): string {
  const {exports, words} = shellEnvironment(launch.env)
  const program = [tools.setsid, launch.program, ...launch.args].map(shellQuote)
  return [
    `#${JSON.stringify(launch)}`,
    ...(launch.stdin || launch.lead !== undefined ? [openInput] : []),
    ...(launch.lead === undefined ? [] : [feedLead(launch.lead)]),
    `cd ${shellQuote(launch.cwd)} || exit 126`,
    'unset OLDPWD SHLVL',
    ...exports,
    `exec "$@" ${[...words, ...program].join(' ')} 7<&- >&8 2>&9 8>&- 9>&-`,
    '',
  ].join('\n')
}

/** The program itself holds the writing end too, so that its input never ends, whoever comes and goes at the other one. */
const openInput = 'mkfifo -m 600 "$dir/in" && exec <>"$dir/in" || exit 126'

/**
 * By a process of its own, that nobody has as a child: a fifo takes no more than it has room for. It holds no reading end, so that it ends with the
 * program.
 */
function feedLead(lead: string): string {
  return `( printf %s ${shellQuote(lead)} >"$dir/in" </dev/null 7<&- 8>&- 9>&- & )`
}

/** Reads back the launch that a command file was made from. */
export function parseCommandFile(text: string): Launch {
  return JSON.parse(text.slice(1, text.indexOf('\n'))) as Launch
}

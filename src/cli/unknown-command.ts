import type {Interfaces} from '@oclif/core'
import {CLIError} from '@oclif/core/errors'
import {getHelpFlagAdditions, normalizeArgv} from '@oclif/core/help'
import {suggest} from '../core/config/suggest.js'

/** Commands that plugins of harness's own bring, which do not come with it. Each is called as its plugin is. */
const installable: ReadonlySet<string> = new Set(['mcp'])

/** The error for arguments that begin with no command: one that names the nearest. `undefined` when oclif knows what to do with them. */
export function unknownCommand(argv: readonly string[], config: Interfaces.Config): Error | undefined {
  const [id] = normalizeArgv(config, [...argv])
  const asksForHelp = argv.some((arg) => getHelpFlagAdditions(config).includes(arg))
  if (id === undefined || asksForHelp || argv[0] === '--version') return undefined
  if (config.findCommand(id) ?? config.findTopic(id)) return undefined
  const typed = id.replaceAll(':', ' ')
  const [first = ''] = id.split(':')
  if (installable.has(first)) {
    return usageError(`'${first}' comes with a plugin.`, `Run \`${config.bin} plugins install ${first}\`.`)
  }
  const meant = suggest(typed, commandNames(config))
  const said = `'${typed}' is not a command.${meant === undefined ? '' : ` Did you mean '${meant}'?`}`
  return usageError(said, `Run \`${config.bin} help\` to see the commands.`)
}

function usageError(said: string, hint: string): Error {
  return Object.assign(new CLIError(said, {exit: 2}), {suggestions: [hint]})
}

function commandNames({commands}: Interfaces.Config): readonly string[] {
  return commands
    .filter(({hidden}) => !hidden)
    .flatMap(({id, aliases}) => [id, ...aliases])
    .map((name) => name.replaceAll(':', ' '))
}

import type {Interfaces} from '@oclif/core'
import {getHelpFlagAdditions, normalizeArgv} from '@oclif/core/help'

/** Those that change the user plugins, by the names that oclif gives them. */
const changing: ReadonlySet<string> = new Set([
  ...['plugins:install', 'plugins:add'],
  ...['plugins:link', 'plugins:update', 'plugins:reset'],
  ...['plugins:uninstall', 'plugins:unlink', 'plugins:remove'],
])

/** Whether these arguments are of a command that changes the user plugins, and not just asked about. */
export function changesPlugins(argv: readonly string[], config: Interfaces.Config): boolean {
  const id = idOf(argv, config)
  return id !== undefined && changing.has(id) && !argv.some((word) => getHelpFlagAdditions(config).includes(word))
}

export function inspectsPlugins(argv: readonly string[], config: Interfaces.Config): boolean {
  return idOf(argv, config) === 'plugins:inspect'
}

function idOf(argv: readonly string[], config: Interfaces.Config): string | undefined {
  return normalizeArgv(config, [...argv])[0]
}

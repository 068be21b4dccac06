import type {Interfaces} from '@oclif/core'

/** How long what a plugin has left running may go on after the command. */
const lookMs = 250

/**
 * A timer or a socket that a plugin of the user has left open must not keep a command that is done. Whatever the command has printed is read first.
 * Where nothing is left open the process ends by itself, before this looks.
 */
export function endDespitePlugins(config: Pick<Interfaces.Config, 'plugins'>): void {
  if (![...config.plugins.values()].some(({type}) => type === 'user' || type === 'link')) return
  // eslint-disable-next-line no-restricted-globals -- It must not keep the process.
  setInterval(() => {
    if (process.stdout.writableLength === 0 && process.stderr.writableLength === 0) process.exit()
  }, lookMs).unref()
}

import {Config} from '@oclif/core/config'
import {run} from '@oclif/core/run'
import {settings} from '@oclif/core/settings'
import {printable} from '../core/base/printable.js'
import {silentExit} from './describe-error.js'
import {endDespitePlugins} from './end-despite-plugins.js'
import {endQuietlyWithoutReader} from './lost-output.js'
import {printError} from './print-error.js'
import {changesPlugins, inspectsPlugins} from './plugins/plugin-command.js'
import {openTerminal} from './terminal.js'
import {unknownCommand} from './unknown-command.js'

/** The whole of a `harness` command, from its arguments to its exit code. */
export async function runCli(options: {readonly argv: readonly string[]; readonly root: string}): Promise<void> {
  // What runs is what was built, also in a checkout with NODE_ENV=development.
  settings.enableAutoTranspile = false
  endQuietlyWithoutReader()
  const terminal = terminalFor(options.argv)
  try {
    const config = await Config.load({
      root: options.root,
      devPlugins: false,
      userPlugins: process.env['HARNESS_NO_USER_PLUGINS'] !== '1',
    })
    // A person at a terminal is asked instead what was meant, by oclif, which shows what was typed as it is.
    const isAsked = process.stdin.isTTY && !terminal.json && options.argv.every((word) => printable(word) === word)
    const unknown = isAsked ? undefined : unknownCommand(options.argv, config)
    if (unknown) throw unknown
    const command = () => run([...options.argv], config)
    if (changesPlugins(options.argv, config)) {
      const {changePlugins} = await import('./plugins/change-plugins.js')
      await changePlugins(terminal, {config, command: options.argv.join(' '), run: command})
    } else if (inspectsPlugins(options.argv, config)) {
      const {changedNothing} = await import('./plugins/changed-nothing.js')
      await command().catch((error: unknown) => {
        throw silentExit(error) === undefined ? changedNothing(options.argv.join(' '), error) : error
      })
    } else await command()
    endDespitePlugins(config)
  } catch (error) {
    process.exit(silentExit(error) ?? (await printError(error, terminal)))
  }
}

/** Reads the flags that shape an error by eye: the error may be that they cannot be parsed. */
function terminalFor(argv: readonly string[]): ReturnType<typeof openTerminal> {
  const end = argv.indexOf('--')
  const flags = new Set(end === -1 ? argv : argv.slice(0, end))
  return openTerminal({
    json: flags.has('--json'),
    quiet: flags.has('-q') || flags.has('--quiet'),
    verbose: flags.has('-v') || flags.has('--verbose') || Boolean(process.env['DEBUG']),
    colour: !flags.has('--no-color'),
  })
}

import {stateDirectory} from '../../core/base/state-directory.js'
import {printable} from '../../core/base/printable.js'
import {HarnessCommand} from '../../cli/base-command.js'
import {censusLines} from '../../cli/census-lines.js'
import {daemonFlag, jsonFlag} from '../../cli/flags.js'
import {withRunningDaemon} from '../../cli/with-daemon.js'

const mismatchExit = 4

export default class DebugCensus extends HarnessCommand {
  static override summary =
    'Show what the daemon believes to run, beside what /proc shows. Ends with 4 when they differ.'
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json']
  static override flags = {...daemonFlag, ...jsonFlag}

  async run(): Promise<void> {
    const {flags} = await this.parse(DebugCensus)
    const host = this.host(flags)
    const {terminal} = host
    const census = await withRunningDaemon(host, (client) => client.call('daemon.census', {}))
    if (terminal.json) terminal.data(census ? {running: true, ...census} : {running: false, stateDir: stateDirectory()})
    const lines = census
      ? censusLines(census, terminal.style)
      : [`No daemon is running for ${printable(stateDirectory())}.`]
    for (const line of lines) terminal.out(line)
    for (const {message} of census?.mismatches ?? []) terminal.warn(printable(message))
    if (census && census.mismatches.length > 0) this.exitWith(mismatchExit)
  }
}

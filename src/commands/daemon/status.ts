import {printable} from '../../core/base/printable.js'
import {stateDirectory} from '../../core/base/state-directory.js'
import {HarnessCommand} from '../../cli/base-command.js'
import {daemonInfoLines} from '../../cli/daemon-info-lines.js'
import {daemonFlag, jsonFlag} from '../../cli/flags.js'
import {pluginProblemLines} from '../../cli/plugin-problem-lines.js'
import {withRunningDaemon} from '../../cli/with-daemon.js'

export default class DaemonStatus extends HarnessCommand {
  static override summary = 'Show whether a daemon runs, where it listens and which stacks it knows.'
  static override examples = ['<%= config.bin %> <%= command.id %>']
  static override flags = {...daemonFlag, ...jsonFlag}

  async run(): Promise<void> {
    const {flags} = await this.parse(DaemonStatus)
    const host = this.host(flags)
    const {terminal} = host
    const info = await withRunningDaemon(host, (client) => client.call('daemon.info', {}))
    if (terminal.json) terminal.data(info ? {running: true, ...info} : {running: false, stateDir: stateDirectory()})
    const lines = info
      ? daemonInfoLines(info, terminal.style)
      : [`No daemon is running for ${printable(stateDirectory())}.`]
    for (const line of lines) terminal.out(line)
    const problems = info?.problems ?? []
    for (const line of problems.flatMap((problem) => pluginProblemLines(problem, terminal.style))) terminal.warn(line)
  }
}

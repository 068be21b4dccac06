import * as Flags from '@oclif/core/flags'
import {HarnessCommand} from '../../cli/base-command.js'
import {daemonFlag, jsonFlag} from '../../cli/flags.js'
import {stopDaemon} from '../../cli/stop-daemon.js'

export default class DaemonStop extends HarnessCommand {
  static override summary = 'Stop the daemon. Its services go on.'
  static override description = 'The next daemon finds the services again. `harness stop` stops services.'
  static override examples = ['<%= config.bin %> <%= command.id %>']
  static override flags = {
    ...daemonFlag,
    ...jsonFlag,
    'stop-services': Flags.boolean({default: false, summary: 'Stop all services of all stacks first.'}),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(DaemonStop)
    const host = this.host(flags)
    const {terminal} = host
    const pid = await stopDaemon(host, {stopServices: flags['stop-services']})
    if (terminal.json) terminal.data({running: false, pid: pid ?? null})
    terminal.out(pid === undefined ? 'No daemon is running.' : `Stopped the harness daemon (pid ${pid}).`)
  }
}

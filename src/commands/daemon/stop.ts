import * as Flags from '@oclif/core/flags'
import {HarnessCommand} from '../../cli/base-command.js'
import {daemonFlagParts, jsonFlag} from '../../cli/flags.js'
import {stopDaemon} from '../../cli/stop-daemon.js'

export default class DaemonStop extends HarnessCommand {
  static override summary = 'Stop the daemon. Its services go on.'
  static override description =
    'The next daemon finds the services again. `harness stop` stops services; so does the end of a daemon that was started with --stop-services-on-exit. One on another machine is named by --daemon, and never by HARNESS_DAEMON.'
  static override examples = ['<%= config.bin %> <%= command.id %>']
  static override flags = {
    daemon: Flags.string({
      ...daemonFlagParts,
      summary: 'End the daemon at this address instead of that of this machine.',
    }),
    ...jsonFlag,
    'stop-services': Flags.boolean({default: false, summary: 'Stop all services of all stacks first.'}),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(DaemonStop)
    const host = this.host(flags)
    const {terminal} = host
    const pid = await stopDaemon(host, {stopServices: flags['stop-services'] || undefined})
    if (terminal.json) terminal.data({running: false, pid: pid ?? null})
    const where = host.remote === undefined ? '' : ` at ${host.remote}`
    terminal.out(pid === undefined ? 'No daemon is running.' : `Stopped the harness daemon${where} (pid ${pid}).`)
  }
}

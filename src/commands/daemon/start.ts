import {HarnessCommand} from '../../cli/base-command.js'
import {daemonArguments} from '../../cli/daemon-arguments.js'
import {jsonFlag, listenFlags} from '../../cli/flags.js'
import {openDaemon, withRunningDaemon} from '../../cli/with-daemon.js'

export default class DaemonStart extends HarnessCommand {
  static override summary = 'Start a daemon in the background.'
  static override description =
    'Commands start one by themselves when they need it, and that one ends when nothing is left for it to do. This one stays until `harness daemon stop`.'
  static override examples = ['<%= config.bin %> <%= command.id %>']
  static override flags = {...jsonFlag, ...listenFlags}

  async run(): Promise<void> {
    const {flags} = await this.parse(DaemonStart)
    const host = this.host(flags)
    const {terminal} = host
    const args = daemonArguments(flags)
    const before = await withRunningDaemon(host, (client) => Promise.resolve(client.hello.daemon.pid))
    await using client = await openDaemon(host, {stays: true, args})
    const {pid} = client.hello.daemon
    if (terminal.json) terminal.data({running: true, pid, started: before !== pid})
    if (before === pid && args.length > 0)
      terminal.warn(`It listens where it did. To change that: \`harness daemon restart ${args.join(' ')}\`.`)
    terminal.out(before === pid ? `The daemon runs already (pid ${pid}).` : `Started the harness daemon (pid ${pid}).`)
  }
}

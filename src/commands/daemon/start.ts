import {HarnessCommand} from '../../cli/base-command.js'
import {daemonArguments, endsWhenIdle} from '../../cli/daemon-arguments.js'
import {jsonFlag, listenFlags} from '../../cli/flags.js'
import {restartDaemon} from '../../cli/restart-daemon.js'
import {openDaemon, withRunningDaemon} from '../../cli/with-daemon.js'

export default class DaemonStart extends HarnessCommand {
  static override summary = 'Start a daemon in the background.'
  static override description =
    'Commands start one by themselves when they need it, and that one ends when nothing is left for it to do. This one stays until `harness daemon stop`; where one of the other kind runs it takes its place, and services go on.'
  static override examples = ['<%= config.bin %> <%= command.id %>']
  static override flags = {...jsonFlag, ...listenFlags}

  async run(): Promise<void> {
    const {flags} = await this.parse(DaemonStart)
    const host = this.host(flags)
    const {terminal} = host
    const args = daemonArguments(flags)
    const before = await withRunningDaemon(host, (client) => Promise.resolve(client.hello.daemon.pid))
    const isToStay = before !== undefined && endsWhenIdle(before)
    await using client = isToStay
      ? await restartDaemon(host, flags, {stays: true})
      : await openDaemon(host, {stays: true, args})
    const {pid} = client.hello.daemon
    if (terminal.json) terminal.data({running: true, pid, started: before !== pid})
    if (isToStay) terminal.note('One ran that would have ended by itself. It is replaced; services go on.')
    if (before === pid && args.length > 0)
      terminal.warn(`It listens where it did. To change that: \`harness daemon restart ${args.join(' ')}\`.`)
    terminal.out(before === pid ? `The daemon runs already (pid ${pid}).` : `Started the harness daemon (pid ${pid}).`)
  }
}

import {HarnessCommand} from '../../cli/base-command.js'
import {jsonFlag, listenFlags} from '../../cli/flags.js'
import {restartDaemon} from '../../cli/restart-daemon.js'

export default class DaemonRestart extends HarnessCommand {
  static override summary = 'Stop the daemon and start a new one. Services go on meanwhile.'
  static override description =
    'The new one listens where the old one did, unless --listen is given, and ends by itself if that did. Works across versions of the protocol: it is how an upgrade is finished.'
  static override examples = ['<%= config.bin %> <%= command.id %>']
  static override flags = {...jsonFlag, ...listenFlags}

  async run(): Promise<void> {
    const {flags} = await this.parse(DaemonRestart)
    const host = this.host(flags)
    const {terminal} = host
    await using client = await restartDaemon(host, flags)
    const {pid} = client.hello.daemon
    if (terminal.json) terminal.data({running: true, pid, started: true})
    terminal.out(`Started the harness daemon (pid ${pid}).`)
  }
}

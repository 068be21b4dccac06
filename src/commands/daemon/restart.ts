import {HarnessCommand} from '../../cli/base-command.js'
import {jsonFlag} from '../../cli/flags.js'
import {stopDaemon} from '../../cli/stop-daemon.js'
import {openDaemon} from '../../cli/with-daemon.js'

export default class DaemonRestart extends HarnessCommand {
  static override summary = 'Stop the daemon and start a new one. Services go on meanwhile.'
  static override examples = ['<%= config.bin %> <%= command.id %>']
  static override flags = {...jsonFlag}

  async run(): Promise<void> {
    const {flags} = await this.parse(DaemonRestart)
    const host = this.host(flags)
    const {terminal} = host
    await stopDaemon(host, {stopServices: false})
    await using client = await openDaemon(host, {stays: true})
    const {pid} = client.hello.daemon
    if (terminal.json) terminal.data({running: true, pid, started: true})
    terminal.out(`Started the harness daemon (pid ${pid}).`)
  }
}

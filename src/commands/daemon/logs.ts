import {HarnessCommand} from '../../cli/base-command.js'
import {jsonFlag, logFlags} from '../../cli/flags.js'
import {parseTail} from '../../cli/parse-tail.js'
import {showDaemonLog} from '../../cli/show-daemon-log.js'

export default class DaemonLogs extends HarnessCommand {
  static override summary = "Show the daemon's own log, also when it does not run."
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> -f --tail 20']
  static override flags = {...jsonFlag, ...logFlags}

  async run(): Promise<void> {
    const {flags} = await this.parse(DaemonLogs)
    this.exitWith(await showDaemonLog(this.terminal(flags), {tail: parseTail(flags.tail), follow: flags.follow}))
  }
}

import * as Flags from '@oclif/core/flags'
import {HarnessCommand} from '../../cli/base-command.js'
import {jsonFlag} from '../../cli/flags.js'
import {parseTail} from '../../cli/parse-tail.js'
import {showDaemonLog} from '../../cli/show-daemon-log.js'

export default class DaemonLogs extends HarnessCommand {
  static override summary = "Show the daemon's own log, also when it does not run."
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> -f --tail 20']
  static override flags = {
    ...jsonFlag,
    follow: Flags.boolean({default: false, char: 'f', summary: 'Go on with what comes, until Ctrl-C.'}),
    tail: Flags.string({
      char: 'n',
      summary: 'How many of the last lines to begin with, or `all`.',
      default: '100',
      helpValue: 'LINES',
    }),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(DaemonLogs)
    this.exitWith(await showDaemonLog(this.terminal(flags), {tail: parseTail(flags.tail), follow: flags.follow}))
  }
}

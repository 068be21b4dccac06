import * as Flags from '@oclif/core/flags'
import {HarnessCommand} from '../../cli/base-command.js'
import {showDaemonLog} from '../../cli/daemon-log/show-daemon-log.js'
import {jsonFlag, logFlags} from '../../cli/flags.js'
import {parseTail} from '../../cli/parse-tail.js'
import {logLevels} from '../../core/base/log.js'

export default class DaemonLogs extends HarnessCommand {
  static override summary = "Show the daemon's own log, also when it does not run."
  static override description =
    'The log has two files of at most 8 MB each in the state directory: daemon.log, and daemon.log.1 with what was before.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> -f --tail 20',
    {
      description: 'Everything that went wrong, one record a line',
      command: '<%= config.bin %> <%= command.id %> --level warn --tail all --json',
    },
  ]
  static override flags = {
    ...jsonFlag,
    ...logFlags,
    level: Flags.option({
      options: logLevels,
      default: 'debug' as const,
      summary: 'Show this level and what is worse.',
    })(),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(DaemonLogs)
    const {follow, level} = flags
    this.exitWith(await showDaemonLog(this.terminal(flags), {tail: parseTail(flags.tail ?? '100'), follow, level}))
  }
}

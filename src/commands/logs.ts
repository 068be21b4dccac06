import * as Flags from '@oclif/core/flags'
import {HarnessCommand} from '../cli/base-command.js'
import {jsonFlag, logFlags, servicesArgument, stackFlags} from '../cli/flags.js'
import {parseTail} from '../cli/parse-tail.js'
import {serviceNames} from '../cli/require-names.js'
import {showLogs} from '../cli/show-logs.js'

export default class Logs extends HarnessCommand {
  static override summary = 'Show what services and tasks printed, in the order of time.'
  static override description =
    'A line of standard error has a red bar. Where output was lost, a line says how much and why. Control sequences are taken out, except colours on a terminal.'
  static override examples = [
    {description: 'Follow all services', command: '<%= config.bin %> <%= command.id %> -f'},
    {description: 'The last 20 lines of one', command: '<%= config.bin %> <%= command.id %> api --tail 20'},
  ]
  static override args = servicesArgument('The services and tasks to show')
  static override flags = {
    ...stackFlags,
    ...jsonFlag,
    ...logFlags,
    timestamps: Flags.boolean({
      default: false,
      char: 't',
      summary: 'Show the time of each line; `~` marks an estimate.',
    }),
    raw: Flags.boolean({default: false, summary: 'Leave control sequences in.'}),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Logs)
    const {follow, timestamps, raw} = flags
    const host = this.host(flags)
    const wish = {
      choice: flags,
      services: serviceNames(args.services),
      tail: parseTail(flags.tail),
      follow,
      timestamps,
      raw,
    }
    this.exitWith(await showLogs(host, wish))
  }
}

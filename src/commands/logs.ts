import * as Flags from '@oclif/core/flags'
import {systemClock} from '../core/base/clock.js'
import {HarnessCommand} from '../cli/base-command.js'
import {jsonFlag, logFlags, servicesArgument, stackFlags} from '../cli/flags.js'
import {parseLogFilter} from '../cli/parse-log-filter.js'
import {serviceNames} from '../cli/require-names.js'
import {showLogs} from '../cli/show-logs.js'

export default class Logs extends HarnessCommand {
  static override summary = 'Show what services and tasks printed, in the order of time.'
  static override description =
    'A line of standard error has a red bar. Where output was lost, a line says how much and why. With -f it goes on where it was after a restart of the daemon. Control sequences are taken out, except colours on a terminal.'
  static override examples = [
    {description: 'Follow all services', command: '<%= config.bin %> <%= command.id %> -f'},
    {description: 'The last 20 lines of one', command: '<%= config.bin %> <%= command.id %> api --tail 20'},
    {
      description: 'The errors of the last hour',
      command: "<%= config.bin %> <%= command.id %> --since 1h --grep '(?i)error'",
    },
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
    since: Flags.string({
      summary: 'Lines from this time on: 10m ago, 12:30 of today, or 2026-01-31T12:30.',
      helpValue: 'TIME',
    }),
    until: Flags.string({summary: 'Lines before this time.', helpValue: 'TIME', exclusive: ['follow']}),
    grep: Flags.string({
      summary: 'Lines in which this regular expression is found; (?i) before it ignores case.',
      helpValue: 'PATTERN',
    }),
    raw: Flags.boolean({default: false, summary: 'Leave control sequences in.'}),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Logs)
    const {follow, timestamps, raw} = flags
    const host = this.host(flags)
    const filter = await parseLogFilter(flags, systemClock.now())
    const wish = {choice: flags, services: serviceNames(args.services), ...filter, follow, timestamps, raw}
    this.exitWith(await showLogs(host, wish))
  }
}

import * as Flags from '@oclif/core/flags'
import {HarnessCommand} from '../cli/base-command.js'
import {jsonFlag, servicesArgument, stackFlags} from '../cli/flags.js'
import {parseTimeout} from '../cli/parse-timeout.js'
import {serviceNames} from '../cli/require-names.js'
import {stopServices} from '../cli/stop-services.js'

export default class Stop extends HarnessCommand {
  static override summary = 'Stop services, dependents first.'
  static override description =
    'Returns when nothing of them is left; Ctrl-C twice forces that. Services that others need are stopped only with --with-dependents or --force.'
  static override aliases = ['down']
  static override examples = [
    {description: 'Stop the whole stack', command: '<%= config.bin %> <%= command.id %>'},
    {
      description: 'Stop one service and what needs it',
      command: '<%= config.bin %> <%= command.id %> api --with-dependents',
    },
  ]
  static override args = servicesArgument('The services to stop')
  static override flags = {
    ...stackFlags,
    ...jsonFlag,
    force: Flags.boolean({
      default: false,
      summary: 'Stop them although running services need them.',
      exclusive: ['with-dependents'],
    }),
    'with-dependents': Flags.boolean({default: false, summary: 'Stop the services that need them too.'}),
    timeout: Flags.string({summary: 'Force what still runs after this time.', helpValue: '30s'}),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Stop)
    const dependents = flags.force ? 'leave' : flags['with-dependents'] ? 'stop' : 'refuse'
    const host = this.host(flags)
    const wish = {
      choice: flags,
      services: serviceNames(args.services),
      dependents,
      ...parseTimeout(flags.timeout),
    } as const
    this.exitWith(await stopServices(host, wish))
  }
}

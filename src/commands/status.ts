import * as Flags from '@oclif/core/flags'
import {HarnessCommand} from '../cli/base-command.js'
import {jsonFlag, servicesArgument, stackFlags} from '../cli/flags.js'
import {serviceNames} from '../cli/require-names.js'
import {showStatus} from '../cli/show-status.js'

export default class Status extends HarnessCommand {
  static override summary = 'Show how the services of a stack stand.'
  static override description =
    'Starts no daemon, unless services are up that it has to look after: they outlive it, and it finds them again.'
  static override aliases = ['ps']
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    {description: 'Everything known about one service', command: '<%= config.bin %> <%= command.id %> api --detailed'},
    {
      description: 'The pids, for a program',
      command: "<%= config.bin %> <%= command.id %> --json | jq '.services[].pid'",
    },
  ]
  static override args = servicesArgument('The services to show')
  static override flags = {
    ...stackFlags,
    ...jsonFlag,
    detailed: Flags.boolean({default: false, char: 'd', summary: 'Show everything known about each service.'}),
    watch: Flags.boolean({default: false, char: 'w', summary: 'Go on showing, until Ctrl-C.'}),
    history: Flags.boolean({
      default: false,
      summary: 'Show the last moves of each service, with their causes.',
      exclusive: ['watch', 'detailed'],
    }),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Status)
    const host = this.host(flags)
    const {detailed, watch, history} = flags
    this.exitWith(
      await showStatus(host, {choice: flags, services: serviceNames(args.services), detailed, watch, history}),
    )
  }
}

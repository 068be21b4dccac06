import {HarnessCommand} from '../cli/base-command.js'
import {jsonFlag, servicesArgument, stackFlags} from '../cli/flags.js'
import {startServices} from '../cli/start-services.js'

export default class Start extends HarnessCommand {
  static override summary = 'Start services with what they depend on.'
  static override description =
    'Reads the stack file, starts a daemon when none runs, and returns when everything that was asked for has settled. Ctrl-C lets go: the start goes on.'
  static override aliases = ['up']
  static override examples = [
    {description: 'Start the stack of this folder', command: '<%= config.bin %> <%= command.id %>'},
    {
      description: 'Start another stack',
      command: '<%= config.bin %> <%= command.id %> -c examples/quickstart/harness.yaml',
    },
    {description: 'Start one service and what it needs', command: '<%= config.bin %> <%= command.id %> api'},
  ]
  static override args = servicesArgument('The services to start')
  static override flags = {...stackFlags, ...jsonFlag}

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Start)
    const host = this.host(flags)
    this.exitWith(await startServices(host, {choice: flags, services: args.services ?? [], method: 'service.start'}))
  }
}

import {HarnessCommand} from '../cli/base-command.js'
import {environmentFlag, jsonFlag, profileFlag, servicesArgument, stackFlags, startFlags} from '../cli/flags.js'
import {serviceNames} from '../cli/require-names.js'
import {startChoices, startMode} from '../cli/start-mode.js'
import {startServices} from '../cli/start-services.js'

export default class Start extends HarnessCommand {
  static override summary = 'Start services with what they depend on.'
  static override description =
    'Reads the stack file, starts a daemon when none runs, and returns when everything that was asked for has settled. Ctrl-C lets go: the start goes on. With --foreground, Ctrl-C stops what was started.'
  static override aliases = ['up']
  static override examples = [
    {description: 'Start the stack of this folder', command: '<%= config.bin %> <%= command.id %>'},
    {
      description: 'Start another stack',
      command: '<%= config.bin %> <%= command.id %> -c examples/quickstart/harness.yaml',
    },
    {description: 'Start one service and what it needs', command: '<%= config.bin %> <%= command.id %> api'},
    {description: 'See what would be done', command: '<%= config.bin %> <%= command.id %> --dry-run'},
    {description: 'Until Ctrl-C, with all logs', command: '<%= config.bin %> <%= command.id %> --foreground'},
    {
      description: 'In CI: the exit code of the tests',
      command: '<%= config.bin %> <%= command.id %> --ci --exit-code-from tests',
    },
  ]
  static override args = servicesArgument('The services to start')
  static override flags = {...stackFlags, ...environmentFlag, ...profileFlag, ...jsonFlag, ...startFlags}

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Start)
    // What a build log shows is plain.
    const host = this.host(flags.ci ? {...flags, 'no-color': true} : flags)
    const wish = {
      choice: flags,
      services: serviceNames(args.services),
      method: flags.restart ? 'service.restart' : 'service.start',
      choices: startChoices(flags),
      mode: startMode(flags),
      needsFile: true,
    } as const
    this.exitWith(await startServices(host, wish))
  }
}

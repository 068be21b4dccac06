import {HarnessCommand} from '../cli/base-command.js'
import {environmentFlag, jsonFlag, profileFlag, servicesArgument, stackFlags, startFlags} from '../cli/flags.js'
import {serviceNames} from '../cli/require-names.js'
import {startChoices} from '../cli/start-mode.js'
import {startServices} from '../cli/start-services.js'

export default class Restart extends HarnessCommand {
  static override summary = 'Stop and start services.'
  static override description =
    'Reads the stack file again, so that what was edited takes effect. Services that do not run are started; those that need a restarted one with `restart: true` are restarted with it.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    {description: 'Restart one service', command: '<%= config.bin %> <%= command.id %> api'},
    {
      description: 'Restart it and nothing else',
      command: '<%= config.bin %> <%= command.id %> api --no-deps',
    },
  ]
  static override args = servicesArgument('The services to restart')
  static override flags = {
    ...stackFlags,
    ...environmentFlag,
    ...profileFlag,
    ...jsonFlag,
    'no-deps': startFlags['no-deps'],
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Restart)
    const wish = {
      choice: flags,
      services: serviceNames(args.services),
      method: 'service.restart',
      choices: startChoices({...flags, 'rollback-on-failure': false}),
      mode: {kind: 'settled'},
      needsFile: false,
    } as const
    this.exitWith(await startServices(this.host(flags), wish))
  }
}

import {HarnessCommand} from '../cli/base-command.js'
import {jsonFlag, servicesArgument, stackFlags} from '../cli/flags.js'
import {startServices} from '../cli/start-services.js'

export default class Restart extends HarnessCommand {
  static override summary = 'Stop and start services.'
  static override description =
    'Reads the stack file again, so that what was edited takes effect. Services that do not run are started.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    {description: 'Restart one service', command: '<%= config.bin %> <%= command.id %> api'},
  ]
  static override args = servicesArgument('The services to restart')
  static override flags = {...stackFlags, ...jsonFlag}

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Restart)
    const host = this.host(flags)
    this.exitWith(await startServices(host, {choice: flags, services: args.services ?? [], method: 'service.restart'}))
  }
}

import {HarnessCommand} from '../cli/base-command.js'
import {jsonFlag, servicesArgument, stackFlags} from '../cli/flags.js'
import {serviceNames} from '../cli/require-names.js'
import {showHealth} from '../cli/show-health.js'

export default class Health extends HarnessCommand {
  static override summary = 'Run the health checks now and show what each of them says.'
  static override description =
    'Exits with 4 when a check fails, when a service that is named does not run, one of the others has failed, or nothing runs at all. Changes nothing: a failure here counts towards no restart.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    {description: 'Go on only when all is well', command: '<%= config.bin %> <%= command.id %> api db && npm test'},
  ]
  static override args = servicesArgument('The services to check')
  static override flags = {...stackFlags, ...jsonFlag}

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Health)
    this.exitWith(await showHealth(this.host(flags), {choice: flags, services: serviceNames(args.services)}))
  }
}

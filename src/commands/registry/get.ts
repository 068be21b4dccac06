import * as Args from '@oclif/core/args'
import {HarnessCommand} from '../../cli/base-command.js'
import {jsonFlag, stackFlags} from '../../cli/flags.js'
import {getRegistered} from '../../cli/registry/get-registered.js'
import {serviceName} from '../../cli/require-names.js'

export default class RegistryGet extends HarnessCommand {
  static override summary =
    'Show the registry entry of a service: where it is, its attempts, its addresses, and how that is known.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> api',
    {
      description: 'One of another folder, for a program',
      command: '<%= config.bin %> <%= command.id %> api --stack shop --json',
    },
  ]
  static override args = {
    service: Args.string({required: true, ignoreStdin: true, description: 'The service; it means all its replicas.'}),
  }
  static override flags = {...stackFlags, ...jsonFlag}

  async run(): Promise<void> {
    const {args, flags} = await this.parse(RegistryGet)
    this.exitWith(await getRegistered(this.host(flags), {choice: flags, service: serviceName(args.service)}))
  }
}

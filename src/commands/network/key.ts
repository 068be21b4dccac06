import * as Args from '@oclif/core/args'
import {HarnessCommand} from '../../cli/base-command.js'
import {environmentFlag, jsonFlag, stackFlags} from '../../cli/flags.js'
import {keyOfNetwork} from '../../cli/network/config-network.js'

export default class NetworkKey extends HarnessCommand {
  static override summary = 'Print the public key of this machine in a wireguard network.'
  static override description =
    'Belongs into the stack file, as `public_key` of the node. The private one stays in the configuration file of this machine, where it is made when there is none.'
  static override examples = ['<%= config.bin %> <%= command.id %> wg']
  static override args = {
    network: Args.string({required: true, description: 'A network of type wireguard.', ignoreStdin: true}),
  }
  static override flags = {config: stackFlags.config, ...environmentFlag, ...jsonFlag}

  async run(): Promise<void> {
    const {args, flags} = await this.parse(NetworkKey)
    await keyOfNetwork(this.host(flags), {choice: flags, network: args.network})
  }
}

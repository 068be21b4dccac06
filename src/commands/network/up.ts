import * as Args from '@oclif/core/args'
import {HarnessCommand} from '../../cli/base-command.js'
import {environmentFlag, stackFlags} from '../../cli/flags.js'
import {bringUp} from '../../cli/network/switch-network.js'

export default class NetworkUp extends HarnessCommand {
  static override summary = 'Bring the interface of a wireguard network up on this machine.'
  static override description =
    'With `wg-quick`, as root; anybody else is told what to type after that. Its configuration is written first where there is none.'
  static override examples = ['<%= config.bin %> <%= command.id %> wg']
  static override args = {
    network: Args.string({required: true, description: 'A network of type wireguard.', ignoreStdin: true}),
  }
  static override flags = {config: stackFlags.config, ...environmentFlag}

  async run(): Promise<void> {
    const {args, flags} = await this.parse(NetworkUp)
    await bringUp(this.host(flags), {choice: flags, network: args.network})
  }
}

import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {HarnessCommand} from '../../cli/base-command.js'
import {environmentFlag, jsonFlag, stackFlags} from '../../cli/flags.js'
import {checkNetwork} from '../../cli/network/check-network.js'

export default class NetworkCheck extends HarnessCommand {
  static override summary = 'Look at a wireguard network: what is missing of it, and what to type.'
  static override description =
    'Changes nothing. Looks at keys, addresses and endpoints in the stack file and, of this machine, at the configuration file, `wg` and the interface. Exits with 5 when something is missing.'
  static override examples = ['<%= config.bin %> <%= command.id %> wg', '<%= config.bin %> <%= command.id %> wg --json']
  static override args = {
    network: Args.string({required: true, description: 'A network of type wireguard.', ignoreStdin: true}),
  }
  static override flags = {
    config: stackFlags.config,
    ...environmentFlag,
    ...jsonFlag,
    node: Flags.string({summary: 'The node to look at. This machine, when none is named.', helpValue: 'NAME'}),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(NetworkCheck)
    this.exitWith(await checkNetwork(this.host(flags), {choice: flags, network: args.network, node: flags.node}))
  }
}

import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {HarnessCommand} from '../../cli/base-command.js'
import {environmentFlag, jsonFlag, stackFlags} from '../../cli/flags.js'
import {configNetwork} from '../../cli/network/config-network.js'

export default class NetworkConfig extends HarnessCommand {
  static override summary = 'Show the wireguard configuration of a node, or write that of this machine.'
  static override description =
    'It comes from the stack file: a peer for each other node, reached directly. Written, it goes to `config_path` (0600), with the private key that is there, or a new one. What is shown has none.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> wg --node worker-1',
    '<%= config.bin %> <%= command.id %> wg --write',
  ]
  static override args = {
    network: Args.string({required: true, description: 'A network of type wireguard.', ignoreStdin: true}),
  }
  static override flags = {
    config: stackFlags.config,
    ...environmentFlag,
    ...jsonFlag,
    node: Flags.string({summary: 'The node that it is for. This machine, when none is named.', helpValue: 'NAME'}),
    write: Flags.boolean({default: false, summary: 'Write it, for this machine.'}),
    force: Flags.boolean({
      default: false,
      summary: 'Replace a file that harness has not written.',
      dependsOn: ['write'],
    }),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(NetworkConfig)
    const {node, write, force} = flags
    await configNetwork(this.host(flags), {choice: flags, network: args.network, node, write, force})
  }
}

import {HarnessCommand} from '../../cli/base-command.js'
import {daemonFlag, jsonFlag} from '../../cli/flags.js'
import {showTopology} from '../../cli/registry/show-topology.js'

export default class RegistryTopology extends HarnessCommand {
  static override summary = 'Show the machines and networks of all stacks, and which services are where.'
  static override description =
    'Machines come first, then the networks of stack files with the address of each node and where it is from, then those that executors keep.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    {
      description: 'The addresses that were leased',
      command:
        '<%= config.bin %> <%= command.id %> --json | jq \'.networks[].members[] | select(.source == "leased")\'',
    },
  ]
  static override flags = {...daemonFlag, ...jsonFlag}

  async run(): Promise<void> {
    const {flags} = await this.parse(RegistryTopology)
    this.exitWith(await showTopology(this.host(flags)))
  }
}

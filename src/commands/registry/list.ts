import * as Flags from '@oclif/core/flags'
import {HarnessCommand} from '../../cli/base-command.js'
import {daemonFlag, jsonFlag} from '../../cli/flags.js'
import {listRegistry} from '../../cli/registry/list-registry.js'

export default class RegistryList extends HarnessCommand {
  static override summary = 'List the services of all stacks with their addresses, and whether that was checked.'
  static override description =
    'What nothing is there of is shown with --all. Starts no daemon, unless services are up that it has to look after, or --all asks for what rests.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    {
      description: 'The URLs of everything that is ready',
      command: "<%= config.bin %> <%= command.id %> --json | jq -r '.services[] | select(.ready) .endpoints[].url'",
    },
  ]
  static override flags = {
    ...daemonFlag,
    ...jsonFlag,
    stack: Flags.string({summary: 'Only the services of this stack: its name, or its id.', helpValue: 'NAME'}),
    all: Flags.boolean({default: false, char: 'a', summary: 'Also services of which nothing is there.'}),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(RegistryList)
    this.exitWith(await listRegistry(this.host(flags), {stack: flags.stack, all: flags.all}))
  }
}

import {HarnessCommand} from '../cli/base-command.js'
import {daemonFlag, jsonFlag} from '../cli/flags.js'
import {listStacks} from '../cli/list-stacks.js'

export default class Ls extends HarnessCommand {
  static override summary = 'List the stacks that have been started, wherever their files are.'
  static override description =
    'A stack is its name and its file: two folders with one name are two stacks. Where a name is not enough, --stack takes an id of this list. Starts no daemon, unless services are up that it has to look after.'
  static override aliases = ['list']
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    {
      description: 'The files of all stacks of which something runs',
      command: "<%= config.bin %> <%= command.id %> --json | jq -r '.stacks[] | select(.running > 0) .file'",
    },
  ]
  static override flags = {...daemonFlag, ...jsonFlag}

  async run(): Promise<void> {
    const {flags} = await this.parse(Ls)
    this.exitWith(await listStacks(this.host(flags)))
  }
}

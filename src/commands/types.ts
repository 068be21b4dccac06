import * as Args from '@oclif/core/args'
import {HarnessCommand} from '../cli/base-command.js'
import {jsonFlag} from '../cli/flags.js'
import {showTypes} from '../cli/show-types.js'

export default class Types extends HarnessCommand {
  static override summary = 'Show the types that are installed, and the plugins they come from.'
  static override description =
    'Executors, layers, service types and task types. With a name also what it takes and gives; --json has whole JSON Schemas. Needs no daemon.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> process',
    {
      description: 'The JSON Schema of a type, for a program',
      command: "<%= config.bin %> <%= command.id %> process --json | jq '.types[0].schemas.spec'",
    },
  ]
  static override args = {
    type: Args.string({ignoreStdin: true, description: 'The type; all when none is named.'}),
  }
  static override flags = {...jsonFlag}

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Types)
    await showTypes(this.terminal(flags), {config: this.config, type: args.type})
  }
}

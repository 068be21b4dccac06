import * as Flags from '@oclif/core/flags'
import {HarnessCommand} from '../cli/base-command.js'
import {jsonFlag} from '../cli/flags.js'
import {showSchema} from '../cli/show-schema.js'

export default class Schema extends HarnessCommand {
  static override summary = 'Print the JSON Schema of the stack file, for editors.'
  static override description =
    'Knows the types of all plugins that are installed: write it anew after installing one. An editor with yaml-language-server takes it from a first line `# yaml-language-server: $schema=FILE`.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --output .harness/schema.json',
    {
      description: 'For harness.override.yaml',
      command: '<%= config.bin %> <%= command.id %> --override --output .harness/override.schema.json',
    },
  ]
  static override flags = {
    output: Flags.string({char: 'o', summary: 'Write it to this file.', helpValue: 'FILE'}),
    override: Flags.boolean({
      default: false,
      summary: 'Of a file that is laid over another or included by it: nothing is required.',
    }),
    ...jsonFlag,
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(Schema)
    const wish = {config: this.config, override: flags.override, output: flags.output}
    this.exitWith(await showSchema(this.terminal(flags), wish))
  }
}

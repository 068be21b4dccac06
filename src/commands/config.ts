import * as Flags from '@oclif/core/flags'
import {HarnessCommand} from '../cli/base-command.js'
import {environmentFlag, jsonFlag, stackFlags} from '../cli/flags.js'
import {showConfig} from '../cli/show-config.js'

export default class Config extends HarnessCommand {
  static override summary = 'Show what the stack files come to, in full.'
  static override description =
    'Files merged, includes and templates followed, variables filled in, defaults written out. References are filled in at start, and the values of secrets are never shown. What it prints is a stack file again. Needs no daemon.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    {
      description: 'With the file and line that each value comes from',
      command: '<%= config.bin %> <%= command.id %> --origin',
    },
    {description: 'As another environment has it', command: '<%= config.bin %> <%= command.id %> --env staging'},
  ]
  static override flags = {
    config: stackFlags.config,
    ...environmentFlag,
    ...jsonFlag,
    origin: Flags.boolean({
      default: false,
      summary: 'Say where each value comes from: file, line and column, or `default`.',
    }),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(Config)
    await showConfig(this.terminal(flags), {choice: flags, origin: flags.origin})
  }
}

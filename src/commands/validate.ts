import * as Flags from '@oclif/core/flags'
import {HarnessCommand} from '../cli/base-command.js'
import {environmentFlag, jsonFlag, stackFlags} from '../cli/flags.js'
import {validateStack} from '../cli/validate-stack.js'

export default class Validate extends HarnessCommand {
  static override summary = 'Check a stack file and show all its problems, with their places.'
  static override description =
    'Starts nothing and needs no daemon. Without --env the file is checked as it stands and with each of its environments. Exits with 3 when there are errors.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> -c examples/quickstart/harness.yaml --strict',
    '<%= config.bin %> <%= command.id %> --env staging',
  ]
  static override flags = {
    config: stackFlags.config,
    ...environmentFlag,
    ...jsonFlag,
    strict: Flags.boolean({
      default: false,
      summary:
        'Errors instead of warnings: variables that are not set, types that are not installed, ports that two services want.',
    }),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(Validate)
    const wish = {choice: flags, strict: flags.strict, config: this.config}
    this.exitWith(await validateStack(this.terminal(flags), wish))
  }
}

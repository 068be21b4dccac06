import * as Args from '@oclif/core/args'
import {HarnessCommand} from '../../cli/base-command.js'
import {environmentFlag, jsonFlag, stackFlags} from '../../cli/flags.js'
import {showVariables} from '../../cli/show-variables.js'

export default class EnvGet extends HarnessCommand {
  static override summary = 'Show the variables that the stack files refer to.'
  static override description =
    'Each with its value and where that comes from: the environment or the `.env` file. Needs no daemon. With --stack or --daemon: what they came to when the daemon loaded the stack. Variables that hold a secret are shown as ***.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> DB_PASSWORD LOG_LEVEL',
  ]
  static override args = {
    names: Args.string({multiple: true, ignoreStdin: true, description: 'The variables; all when none is named.'}),
  }
  static override flags = {...stackFlags, ...environmentFlag, ...jsonFlag}

  async run(): Promise<void> {
    const {args, flags} = await this.parse(EnvGet)
    await showVariables(this.host(flags), {choice: flags, names: args.names ?? []})
  }
}

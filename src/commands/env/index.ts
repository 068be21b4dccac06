import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {HarnessCommand} from '../../cli/base-command.js'
import {environmentFlag, jsonFlag, stackFlags} from '../../cli/flags.js'
import {serviceName} from '../../cli/require-names.js'
import {showEnv} from '../../cli/show-env.js'

export default class Env extends HarnessCommand {
  static override summary = 'Show the environment that a service has.'
  static override description =
    'The variables that the stack file, its files of variables and its service type give to a service, with references filled in. Values of secrets are shown as ***. Of what it inherits only the number is told; --json has the names.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> api',
    {
      description: 'Run a program with the same variables',
      command: 'eval "$(<%= config.bin %> <%= command.id %> api --export)" && node repl.mjs',
    },
  ]
  static override args = {
    service: Args.string({required: true, ignoreStdin: true, description: 'The service.'}),
  }
  static override flags = {
    ...stackFlags,
    ...environmentFlag,
    ...jsonFlag,
    export: Flags.boolean({default: false, summary: 'Print lines that a shell can read.', exclusive: ['json']}),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Env)
    const wish = {choice: flags, service: serviceName(args.service), exports: flags.export}
    this.exitWith(await showEnv(this.host(flags), wish))
  }
}

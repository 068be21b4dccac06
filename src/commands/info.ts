import * as Args from '@oclif/core/args'
import {HarnessCommand} from '../cli/base-command.js'
import {jsonFlag, stackFlags} from '../cli/flags.js'
import {serviceName} from '../cli/require-names.js'
import {showInfo} from '../cli/show-info.js'

export default class Info extends HarnessCommand {
  static override summary = 'Show everything known about one service.'
  static override description =
    'How it stands, what its log check found, what the stack file says of it, and its last moves with their causes.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> api',
    {
      description: 'Why it was last restarted, for a program',
      command: "<%= config.bin %> <%= command.id %> api --json | jq '.services[0].history[-1]'",
    },
  ]
  static override args = {
    service: Args.string({required: true, ignoreStdin: true, description: 'The service.'}),
  }
  static override flags = {...stackFlags, ...jsonFlag}

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Info)
    this.exitWith(await showInfo(this.host(flags), {choice: flags, service: serviceName(args.service)}))
  }
}

import * as Args from '@oclif/core/args'
import {HarnessCommand} from '../cli/base-command.js'
import {jsonFlag, stackFlags} from '../cli/flags.js'
import {forgetStack} from '../cli/forget-stack.js'

export default class Forget extends HarnessCommand {
  static override summary = 'Forget a stack of which nothing runs: its logs, its histories, what its tasks gave.'
  static override description =
    'It disappears from `harness ls`. Stack files are left alone: a later start begins from nothing. A stack of which something runs is refused; stop it first.'
  static override examples = [
    '<%= config.bin %> stop && <%= config.bin %> <%= command.id %>',
    {description: 'One whose file is gone', command: '<%= config.bin %> <%= command.id %> shop-1f2e3d4c'},
  ]
  static override args = {
    stack: Args.string({
      ignoreStdin: true,
      description: 'Its name or id, as `harness ls` shows it. Without one, that of the stack file here.',
    }),
  }
  static override flags = {...stackFlags, ...jsonFlag}

  async run(): Promise<void> {
    const {flags, args} = await this.parse(Forget)
    await forgetStack(this.host(flags), {...flags, stack: args.stack ?? flags.stack})
  }
}

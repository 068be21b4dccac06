import {HarnessCommand} from '../cli/base-command.js'
import {jsonFlag, stackFlags} from '../cli/flags.js'
import {forgetStack} from '../cli/forget-stack.js'

export default class Forget extends HarnessCommand {
  static override summary = 'Forget a stack of which nothing runs: its logs, its histories, what its tasks gave.'
  static override description =
    'It disappears from `harness ls`. Stack files are left alone: a later start begins from nothing. A stack of which something runs is refused; stop it first.'
  static override examples = [
    '<%= config.bin %> stop && <%= config.bin %> <%= command.id %>',
    {description: 'One whose file is gone', command: '<%= config.bin %> <%= command.id %> --stack shop-1f2e3d4c'},
  ]
  static override flags = {...stackFlags, ...jsonFlag}

  async run(): Promise<void> {
    const {flags} = await this.parse(Forget)
    await forgetStack(this.host(flags), flags)
  }
}

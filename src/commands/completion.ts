import * as Flags from '@oclif/core/flags'
import {HarnessCommand} from '../cli/base-command.js'
import {completeLine, shellFunction} from '../cli/complete-line.js'

export default class Completion extends HarnessCommand {
  static override summary = 'Print what makes a shell complete commands, services, actions and what actions take.'
  static override description =
    'For bash, in ~/.bashrc: eval "$(harness completion)". For zsh the same, after `autoload -U bashcompinit && bashcompinit`. Services and actions are those of the stack in this folder, while a daemon runs.'
  static override examples = ['eval "$(<%= config.bin %> <%= command.id %>)"']
  static override flags = {
    line: Flags.string({summary: 'Print what this line can go on with, one a line.', helpValue: 'TEXT'}),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(Completion)
    const {line} = flags
    if (line === undefined) this.log(shellFunction(this.config.bin))
    else for (const word of await completeLine(line, this.config, this.host(flags))) this.log(word)
  }
}

import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {HarnessCommand} from '../cli/base-command.js'
import {jsonFlag} from '../cli/flags.js'
import {initStack, listTemplates, stackTemplates, type StackTemplate} from '../cli/init-stack.js'

export default class Init extends HarnessCommand {
  static override summary = 'Write a stack file that starts as it is, to begin with.'
  static override description =
    'Beside harness.yaml it writes .harness/schema.json, with which an editor completes and checks the file. Exits with 2 when a stack file is there already.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --template minimal shop',
    '<%= config.bin %> <%= command.id %> --list',
  ]
  static override args = {
    directory: Args.string({
      default: '.',
      ignoreStdin: true,
      description: 'The folder to write to, made when it is missing.',
    }),
  }
  static override flags = {
    template: Flags.option({
      char: 't',
      options: Object.keys(stackTemplates) as StackTemplate[],
      default: 'web' as const,
      summary: 'What to begin with.',
      helpValue: 'NAME',
    })(),
    list: Flags.boolean({default: false, summary: 'Say which templates there are, and write nothing.'}),
    force: Flags.boolean({default: false, summary: 'Replace a stack file that is there.'}),
    ...jsonFlag,
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Init)
    const terminal = this.terminal(flags)
    if (flags.list) {
      this.exitWith(listTemplates(terminal))
      return
    }
    const {template, force} = flags
    this.exitWith(await initStack(terminal, {config: this.config, directory: args.directory, template, force}))
  }
}

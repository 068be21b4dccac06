import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {HarnessCommand} from '../cli/base-command.js'
import {jsonFlag} from '../cli/flags.js'
import {importStack} from '../cli/import-stack.js'

export default class Import extends HarnessCommand {
  static override summary = "Make a stack file of another tool's file."
  static override description =
    'Reads a process-compose.yaml, a compose.yaml, a Procfile or an ecosystem.config.json of pm2, and writes a harness.yaml that starts. What has no equivalent is said, and stands in it as a comment. No code of the file is run. docs/import.md tells what is converted.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> process-compose.yaml',
    {description: 'See it first', command: '<%= config.bin %> <%= command.id %> compose.yaml -o -'},
    {
      description: 'A file of another name',
      command: '<%= config.bin %> <%= command.id %> dev.yaml --from process-compose',
    },
  ]
  static override args = {file: Args.string({required: true, ignoreStdin: true, description: 'The file to convert.'})}
  static override flags = {
    ...jsonFlag,
    from: Flags.string({
      options: ['process-compose', 'compose', 'procfile', 'pm2'],
      summary: 'Whose file it is; else its name and content tell.',
    }),
    output: Flags.string({
      char: 'o',
      default: 'harness.yaml',
      summary: 'The stack file to write. `-` is standard output.',
      helpValue: 'FILE',
    }),
    force: Flags.boolean({default: false, summary: 'Write over a file that is there.'}),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Import)
    const {from, output, force} = flags
    await importStack(this.terminal(flags), {file: args.file, from, output, force})
  }
}

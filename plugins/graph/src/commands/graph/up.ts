import {Command} from '@oclif/core/command'
import * as Flags from '@oclif/core/flags'
import {stackArguments, stackFlags} from '../../command/flags.js'

export default class GraphUp extends Command {
  static override summary = 'Start the stack, and show its addresses.'
  static override description =
    'Starts what `harness start` starts, with its display and its exit code: PostgreSQL, the chain, IPFS, graph-node, and the tasks that they need.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> -c examples/graph/harness.yaml',
  ]
  static override flags = {
    ...stackFlags,
    profile: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      summary: 'Take the services of this profile too.',
      helpValue: 'NAME',
    }),
    timeout: Flags.string({summary: 'Wait no longer than this. The start goes on.', helpValue: '30s'}),
    ci: Flags.boolean({default: false, summary: 'The first failure stops what this start began; plain output.'}),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(GraphUp)
    const {profile = [], timeout, ci} = flags
    await this.config.runCommand('start', [
      ...stackArguments(flags),
      ...profile.flatMap((name) => ['--profile', name]),
      ...(timeout === undefined ? [] : ['--timeout', timeout]),
      ...(ci ? ['--ci'] : []),
    ])
  }
}

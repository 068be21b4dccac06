import {Command} from '@oclif/core/command'
import * as Args from '@oclif/core/args'

export default class GraphInit extends Command {
  static override summary =
    'Write a stack file for The Graph: PostgreSQL, Anvil, IPFS, graph-node, and a task that deploys contracts.'
  static override description = 'Replaces nothing: where a stack file is there already, it says so.'
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> my-subgraph']
  static override args = {
    dir: Args.string({default: '.', ignoreStdin: true, description: 'The folder; made where there is none.'}),
  }

  async run(): Promise<void> {
    const {args} = await this.parse(GraphInit)
    const {writeStack} = await import('../../command/write-stack.js')
    const {file, next} = await writeStack(args.dir)
    this.log(`${file} is ready. Next: ${next}`)
  }
}

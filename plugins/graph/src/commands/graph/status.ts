import {Command} from '@oclif/core/command'
import {jsonFlag, stackFlags} from '../../command/flags.js'

export default class GraphStatus extends Command {
  static override summary = 'Show the services of the stack, and how far its subgraphs are indexed.'
  static override description =
    'What graph-node says of each deployment: its health, and which block of the chain it has come to. Exits with 4 when one of these services, or another that is to run, does not, and when the indexing of a subgraph has failed.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    "<%= config.bin %> <%= command.id %> --json | jq '.subgraphs[].health'",
  ]
  static override flags = {...stackFlags, ...jsonFlag}

  async run(): Promise<void> {
    const {flags} = await this.parse(GraphStatus)
    const [{openGraphStack}, {readStatus, isWell, statusLines}] = await Promise.all([
      import('../../command/graph-stack.js'),
      import('../../command/read-status.js'),
    ])
    await using opened = await openGraphStack(this.config, flags)
    const status = await readStatus(opened)
    if (flags.json) this.log(JSON.stringify(status, null, 2))
    else for (const line of statusLines(status, opened.services)) this.log(line)
    if (!isWell(status, opened.services)) process.exitCode = 4
  }
}

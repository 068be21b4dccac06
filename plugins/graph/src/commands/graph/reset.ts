import {Command} from '@oclif/core/command'
import * as Flags from '@oclif/core/flags'
import {serviceFlag, stackFlags} from '../../command/flags.js'

export default class GraphReset extends Command {
  static override summary = 'Begin a new chain, and reset what hangs on the old one.'
  static override description =
    'graph-node cannot go on with another chain on its database. So it stops what depends on the chain and on graph-node, empties the databases, begins a new chain, and starts again what was up; tasks that had succeeded there run once more. Subgraphs that no task has deployed are deployed again by you.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    {description: 'In a script', command: '<%= config.bin %> <%= command.id %> --yes'},
  ]
  static override flags = {
    ...stackFlags,
    ...serviceFlag('anvil'),
    yes: Flags.boolean({char: 'y', default: false, summary: 'Ask nothing, also where data is kept in files.'}),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(GraphReset)
    const [{openGraphStack}, {findService}, {planReset}, {confirmReset}, {resetStack}] = await Promise.all([
      import('../../command/graph-stack.js'),
      import('../../command/find-service.js'),
      import('../../command/reset/plan-reset.js'),
      import('../../command/reset/confirm-reset.js'),
      import('../../command/reset/reset-stack.js'),
    ])
    await using opened = await openGraphStack(this.config, flags)
    const anvil = findService(opened.services, 'anvil', flags.service)
    const {caller, definition} = await opened.lent.openStack(flags)
    const plan = await planReset(opened, {anvil, definition})
    if (!flags.yes && !(await confirmReset(plan))) this.exit(130)
    const problems = await resetStack(opened, {
      plan,
      caller,
      say: (line) => {
        this.log(line)
      },
    })
    for (const problem of problems) process.stderr.write(`${problem}\n`)
    if (problems.length > 0) process.exitCode = 4
  }
}

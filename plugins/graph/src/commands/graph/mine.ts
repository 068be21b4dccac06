import {Command} from '@oclif/core/command'
import * as Flags from '@oclif/core/flags'
import {countArg} from '../../command/count-arg.js'
import {jsonFlag, serviceFlag, stackFlags} from '../../command/flags.js'

export default class GraphMine extends Command {
  static override summary = 'Mine blocks.'
  static override description =
    'By the action `mine-blocks` of the service of type anvil. Prints the number of the newest block. Ctrl-C ends it; blocks that are mined stay.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    {description: 'A day in a hundred blocks', command: '<%= config.bin %> <%= command.id %> 100 --interval 864'},
  ]
  static override args = {count: countArg({default: 1, description: 'How many blocks.'})}
  static override flags = {
    ...stackFlags,
    ...serviceFlag('anvil'),
    ...jsonFlag,
    interval: Flags.integer({min: 0, summary: 'Seconds between one block and the next.', helpValue: 'SECONDS'}),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(GraphMine)
    const [{openGraphStack}, {findService}, {act}] = await Promise.all([
      import('../../command/graph-stack.js'),
      import('../../command/find-service.js'),
      import('../../command/act.js'),
    ])
    await using opened = await openGraphStack(this.config, flags)
    const service = findService(opened.services, 'anvil', flags.service)
    const {interval} = flags
    const input = {count: args.count, ...(interval !== undefined && {interval_secs: interval})}
    const mined = await act<{readonly block_number: number}>(opened, {service, action: 'mine-blocks', input})
    if (flags.json) this.log(JSON.stringify(mined))
    else this.log(`The chain is at block ${mined.block_number}.`)
  }
}

import {hostname} from 'node:os'
import {Command} from '@oclif/core/command'
import * as Flags from '@oclif/core/flags'
import {openEngine} from '../../engine/engine.js'
import {commandErrors} from '../../prune/command-errors.js'
import {findLeftovers, type Leftovers} from '../../prune/find-leftovers.js'
import {removeLeftovers} from '../../prune/remove-leftovers.js'

export default class DockerPrune extends Command {
  static override summary = 'Remove containers and networks that harness has made and nobody looks after any more.'
  static override description =
    'Containers whose run directory is gone, running or not, as after a state directory was deleted, and networks of stacks that nobody is attached to. They are known by their labels; nothing else is touched, and volumes with names stay.'
  static override examples = ['<%= config.bin %> <%= command.id %> --dry-run', '<%= config.bin %> <%= command.id %>']
  static override flags = {
    'dry-run': Flags.boolean({default: false, summary: 'Only say what would be removed.'}),
    json: Flags.boolean({default: false, summary: 'Print JSON.'}),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(DockerPrune)
    const dryRun = flags['dry-run']
    const engine = openEngine(commandErrors)
    await engine.address()
    const leftovers = await engine.ask(async (docker) => {
      const found = await findLeftovers(docker, {machine: hostname(), isElsewhere: engine.machine !== undefined})
      return dryRun ? found : await removeLeftovers(docker, found)
    })
    if (flags.json) this.log(JSON.stringify({dryRun, ...leftovers}, null, 2))
    else for (const line of linesOf(leftovers, dryRun)) this.log(line)
  }
}

function linesOf({containers, networks}: Leftovers, dryRun: boolean): readonly string[] {
  const did = dryRun ? 'Would remove' : 'Removed'
  const lines = [
    ...containers.map(({name}) => `${did} container ${name}`),
    ...networks.map(({name}) => `${did} network ${name}`),
  ]
  return lines.length === 0 ? ['Nothing is left over.'] : lines
}

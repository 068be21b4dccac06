import {Command} from '@oclif/core/command'
import * as Flags from '@oclif/core/flags'
import {stackArguments, stackFlags} from '../../command/flags.js'

export default class GraphDown extends Command {
  static override summary = 'Stop the stack.'
  static override description =
    'Stops what `harness stop` stops, dependents first. The data of the services goes with them, unless the stack file keeps it in a folder or a volume.'
  static override examples = ['<%= config.bin %> <%= command.id %>']
  static override flags = {
    ...stackFlags,
    timeout: Flags.string({summary: 'What still runs after that is killed.', helpValue: '30s'}),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(GraphDown)
    const {env: _env, timeout, ...choice} = flags
    await this.config.runCommand('stop', [
      ...stackArguments(choice),
      ...(timeout === undefined ? [] : ['--timeout', timeout]),
    ])
  }
}

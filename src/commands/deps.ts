import * as Flags from '@oclif/core/flags'
import {HarnessCommand} from '../cli/base-command.js'
import {depsFormats, showDeps} from '../cli/deps-show.js'
import {environmentFlag, jsonFlag, stackFlags} from '../cli/flags.js'

export default class Deps extends HarnessCommand {
  static override summary = 'Show which services and tasks of a stack file need which others.'
  static override description =
    'Starts nothing and needs no daemon. In parentheses stands what a dependency has of its own: a condition other than the usual one, `optional`, and `restart` where restarts are handed on.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    {description: 'As a picture', command: '<%= config.bin %> <%= command.id %> --format dot | dot -Tsvg > deps.svg'},
  ]
  static override flags = {
    config: stackFlags.config,
    ...environmentFlag,
    ...jsonFlag,
    format: Flags.option({
      options: depsFormats,
      summary: 'How to write the graph.',
      exclusive: ['json'],
    })(),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(Deps)
    const format = flags.json ? 'json' : (flags.format ?? 'tree')
    const terminal = this.terminal({...flags, json: format === 'json'})
    await showDeps(terminal, {choice: flags, format, config: this.config})
  }
}

import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {HarnessCommand} from '../../cli/base-command.js'
import {jsonFlag} from '../../cli/flags.js'
import {newPlugin} from '../../cli/plugins/new/new-plugin.js'
import {pluginKinds, type PluginTemplate} from '../../cli/plugins/new/plugin-kinds.js'

export default class PluginsNew extends HarnessCommand {
  static override summary = 'Write a plugin to begin with, into a folder of its name.'
  static override description =
    'A whole package in TypeScript, harness-plugin-NAME: sources, tests on the contract suites, README, CI. It passes its own tests as it is. Exits with 2 when the folder is there already and has something in it.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> tmux --kind executor',
    '<%= config.bin %> <%= command.id %> redis --kind domain',
  ]
  static override args = {
    name: Args.string({
      required: true,
      ignoreStdin: true,
      description: 'What stack files will call what it brings; also the folder.',
    }),
  }
  static override flags = {
    kind: Flags.option({
      char: 'k',
      options: Object.keys(pluginKinds) as PluginTemplate[],
      required: true,
      summary: 'What it brings.',
      description: Object.entries(pluginKinds)
        .map(([kind, {summary}]) => `${kind}: ${summary}`)
        .join('\n'),
      helpValue: 'KIND',
    })(),
    ...jsonFlag,
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(PluginsNew)
    const wish = {root: this.config.root, name: args.name, kind: flags.kind}
    this.exitWith(await newPlugin(this.terminal(flags), wish))
  }
}

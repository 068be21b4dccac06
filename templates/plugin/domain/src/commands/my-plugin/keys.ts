import {Args, Command, Flags} from '@oclif/core'

/** A word for what people do most. The daemon is spoken with by harness's own command. */
export default class Keys extends Command {
  static override summary = 'Tell the keys of a store that runs.'
  static override examples = ['<%= config.bin %> <%= command.id %> store']
  static override args = {
    service: Args.string({required: true, description: 'A service of type my-plugin.'}),
  }
  static override flags = {
    config: Flags.string({char: 'c', summary: 'The stack file.', helpValue: 'FILE'}),
    json: Flags.boolean({default: false, summary: 'Print JSON.'}),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Keys)
    const file = flags.config === undefined ? [] : ['--config', flags.config]
    const json = flags.json ? ['--json'] : []
    await this.config.runCommand('action:run', [args.service, 'list', ...file, ...json])
  }
}

import * as Args from '@oclif/core/args'
import {HarnessCommand} from '../../cli/base-command.js'
import {jsonFlag} from '../../cli/flags.js'
import {stateDirectory} from '../../core/base/state-directory.js'
import {addressOf, daemonUrl} from '../../core/client/daemon-url.js'
import {forgetKey} from '../../core/client/known-daemons.js'
import {forgetToken} from '../../core/client/remote-token.js'

export default class DaemonForget extends HarnessCommand {
  static override summary = 'Trust a daemon on another machine no more, and forget its token.'
  static override examples = ['<%= config.bin %> <%= command.id %> wss://build.example.org:9443']
  static override args = {
    url: Args.string({required: true, description: 'wss://HOST:PORT, as it was trusted.', ignoreStdin: true}),
  }
  static override flags = {...jsonFlag}

  async run(): Promise<void> {
    const {args, flags} = await this.parse(DaemonForget)
    const terminal = this.terminal(flags)
    const address = addressOf(daemonUrl(args.url))
    const wasKnown = await forgetKey(stateDirectory(), address)
    await forgetToken(stateDirectory(), address)
    if (terminal.json) terminal.data({daemon: address, known: false})
    terminal.out(wasKnown ? `${address} is forgotten.` : `${address} was not known.`)
  }
}

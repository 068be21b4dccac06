import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {HarnessCommand} from '../../cli/base-command.js'
import {jsonFlag} from '../../cli/flags.js'
import {trustDaemon} from '../../cli/remote/trust-daemon.js'

export default class DaemonTrust extends HarnessCommand {
  static override summary = 'Trust a daemon on another machine, for --daemon and HARNESS_DAEMON.'
  static override description =
    'Remembers its public key, and the token that it wants to see. Without --fingerprint a person at a terminal is asked; nobody else is. Token and key are kept in the state directory, for this user alone.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> wss://build.example.org:9443 --fingerprint SHA256:…',
    {
      description: 'With its token, which is never an argument',
      command:
        'ssh build.example.org cat .local/state/harness/token | <%= config.bin %> <%= command.id %> wss://build.example.org:9443 --fingerprint SHA256:… --token-file -',
    },
  ]
  static override args = {
    url: Args.string({required: true, description: 'wss://HOST:PORT, as the daemon listens.', ignoreStdin: true}),
  }
  static override flags = {
    ...jsonFlag,
    fingerprint: Flags.string({
      summary: 'Its public key, as `harness daemon status` shows it there. Another one is refused.',
      helpValue: 'SHA256:…',
    }),
    'token-file': Flags.string({
      summary: 'A file (mode 600) that holds its token; `-` is standard input.',
      helpValue: 'FILE',
    }),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(DaemonTrust)
    const {fingerprint, 'token-file': tokenFile} = flags
    await trustDaemon(this.host(flags), {url: args.url, fingerprint, tokenFile})
  }
}

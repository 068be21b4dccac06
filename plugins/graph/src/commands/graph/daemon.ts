import {Command} from '@oclif/core/command'
import * as Flags from '@oclif/core/flags'

export default class GraphDaemon extends Command {
  static override summary = 'Run a daemon of its own for a stack of The Graph, in the foreground.'
  static override description =
    'As `harness daemon`, but with a state directory of its own, so that it meets no other stack, at 127.0.0.1:9444, and with the stack file checked first and known from the start. Nothing is started by this. Commands reach it with HARNESS_STATE_DIR, or from elsewhere with --daemon.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    {
      description: 'For other machines',
      command: '<%= config.bin %> <%= command.id %> --endpoint 0.0.0.0:9444 --allow-remote',
    },
  ]
  static override flags = {
    config: Flags.string({
      char: 'c',
      multiple: true,
      multipleNonGreedy: true,
      summary: 'The stack file. Several are merged. Left out: that of this folder, where there is one.',
      helpValue: 'FILE',
      helpGroup: 'GLOBAL',
    }),
    env: Flags.string({
      summary: 'Lay this entry of `environments` over the stack file.',
      helpValue: 'NAME',
      helpGroup: 'GLOBAL',
      env: 'HARNESS_ENV',
    }),
    endpoint: Flags.string({default: '127.0.0.1:9444', summary: 'Where it listens.', helpValue: 'HOST:PORT'}),
    'allow-remote': Flags.boolean({
      default: false,
      summary: 'Let other machines reach that address. They need the token; see `harness daemon trust`.',
    }),
    'state-dir': Flags.string({
      summary: 'Where it keeps its state. Left out: beside that of the usual daemon.',
      helpValue: 'DIR',
    }),
    'stop-services-on-exit': Flags.boolean({default: false, summary: 'Stop all services when it ends.'}),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(GraphDaemon)
    const {daemonArguments, ownStateDirectory, stackFilesHere} = await import('../../command/own-daemon.js')
    const directory = ownStateDirectory(flags['state-dir'], process.env)
    process.env['HARNESS_STATE_DIR'] = directory
    process.stderr.write(`Commands reach this daemon with HARNESS_STATE_DIR=${directory}\n`)
    const config = flags.config ?? (await stackFilesHere(process.cwd()))
    await this.config.runCommand('daemon', daemonArguments({...flags, config}))
  }
}

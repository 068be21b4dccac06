import * as Flags from '@oclif/core/flags'
import {HarnessCommand} from '../../cli/base-command.js'
import {environmentFlag, listenFlags} from '../../cli/flags.js'
import {parseListen} from '../../cli/parse-listen.js'
import {readStack} from '../../cli/read-stack.js'
import {startForegroundDaemon} from '../../cli/start-foreground-daemon.js'
import {tellStartFailure} from '../../core/client/start-failure.js'

export default class Daemon extends HarnessCommand {
  static override summary = 'Run a daemon in the foreground, with its log.'
  static override description =
    'Commands start one in the background by themselves. Ctrl-C ends this one; services go on, unless --stop-services-on-exit is given.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    {
      description: 'For other machines',
      command: '<%= config.bin %> <%= command.id %> --listen 0.0.0.0:9443 --allow-remote',
    },
    {
      description: 'With a stack that is checked, and known from the start',
      command: '<%= config.bin %> <%= command.id %> -c harness.yaml',
    },
    {
      description: 'For CI: leave nothing behind',
      command: '<%= config.bin %> <%= command.id %> --stop-services-on-exit',
    },
  ]
  static override flags = {
    ...listenFlags,
    config: Flags.string({
      char: 'c',
      multiple: true,
      multipleNonGreedy: true,
      summary:
        'A stack file that is checked, and whose stack is known from the start. Several are merged. Nothing is started.',
      helpValue: 'FILE',
    }),
    ...environmentFlag,
    'stop-services-on-exit': Flags.boolean({default: false, summary: 'Stop all services when the daemon ends.'}),
    // How commands launch it.
    background: Flags.boolean({default: false, hidden: true, summary: 'Log to the file alone.'}),
    auto: Flags.boolean({default: false, hidden: true, summary: 'In the background, until nothing is left to do.'}),
    temporary: Flags.boolean({default: false, hidden: true, summary: 'In the background, until standard input ends.'}),
  }

  async run(): Promise<void> {
    try {
      await this.runDaemon()
    } catch (error) {
      await tellStartFailure(error)
      throw error
    }
  }

  private async runDaemon(): Promise<void> {
    const {flags} = await this.parse(Daemon)
    const terminal = this.terminal(flags)
    const stack = flags.config && (await readStack(flags, terminal))
    await startForegroundDaemon(terminal, {
      config: this.config,
      tcp: parseListen(flags),
      stopServicesOnExit: flags['stop-services-on-exit'],
      inBackground: flags.background || flags.auto || flags.temporary,
      endWhenIdle: flags.auto,
      temporary: flags.temporary,
      stack,
    })
  }
}

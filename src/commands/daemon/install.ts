import * as Flags from '@oclif/core/flags'
import {HarnessCommand} from '../../cli/base-command.js'
import {daemonArguments} from '../../cli/daemon-arguments.js'
import {jsonFlag, listenFlags} from '../../cli/flags.js'
import {installDaemon} from '../../cli/systemd/install-daemon.js'

export default class DaemonInstall extends HarnessCommand {
  static override summary = 'Have systemd run the daemon whenever you log in, as a unit of your own.'
  static override description =
    'Writes harness.service for the systemd of this user, with the Node, the harness, the state directory and the PATH of now, and enables it. A daemon that runs is replaced; its services go on.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    {description: 'Only show the unit', command: '<%= config.bin %> <%= command.id %> --dry-run'},
  ]
  static override flags = {
    ...jsonFlag,
    ...listenFlags,
    'dry-run': Flags.boolean({default: false, summary: 'Print the unit, and do nothing.'}),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(DaemonInstall)
    await installDaemon(this.host(flags), {args: daemonArguments(flags), dryRun: flags['dry-run']})
  }
}

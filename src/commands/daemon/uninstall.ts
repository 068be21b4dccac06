import * as Flags from '@oclif/core/flags'
import {HarnessCommand} from '../../cli/base-command.js'
import {jsonFlag} from '../../cli/flags.js'
import {uninstallDaemon} from '../../cli/systemd/uninstall-daemon.js'

export default class DaemonUninstall extends HarnessCommand {
  static override summary = 'Take the unit of `harness daemon install` away. Services go on.'
  static override examples = ['<%= config.bin %> <%= command.id %>']
  static override flags = {
    ...jsonFlag,
    'dry-run': Flags.boolean({default: false, summary: 'Say what would be removed, and do nothing.'}),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(DaemonUninstall)
    await uninstallDaemon(this.host(flags).terminal, {dryRun: flags['dry-run']})
  }
}

import * as Flags from '@oclif/core/flags'
import {activeProfiles} from '../cli/active-profiles.js'
import {applyStack} from '../cli/apply-stack.js'
import {HarnessCommand} from '../cli/base-command.js'
import {daemonFlag, environmentFlag, jsonFlag, profileFlag, stackFlags} from '../cli/flags.js'

export default class Apply extends HarnessCommand {
  static override summary = 'Bring the whole stack in line with its file.'
  static override description =
    'Shows what an edit comes to and carries it out: brings the whole stack to what the file says. What does not run is started, also what was stopped or has ended; what was changed is restarted; what runs as the file says is left alone. Services that are in the file no more go on, unless --remove-orphans is given.'
  static override examples = [
    {description: 'See what an edit would do', command: '<%= config.bin %> <%= command.id %> --dry-run'},
    '<%= config.bin %> <%= command.id %> --remove-orphans',
  ]
  static override flags = {
    ...daemonFlag,
    config: stackFlags.config,
    ...environmentFlag,
    ...profileFlag,
    ...jsonFlag,
    'dry-run': Flags.boolean({default: false, summary: 'Print what would be done, and do nothing.'}),
    'remove-orphans': Flags.boolean({default: false, summary: 'Stop what runs and is in the file no more.'}),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(Apply)
    const profiles = activeProfiles(flags.profile)
    const wish = {choice: flags, profiles, dryRun: flags['dry-run'], removeOrphans: flags['remove-orphans']}
    this.exitWith(await applyStack(this.host(flags), wish))
  }
}

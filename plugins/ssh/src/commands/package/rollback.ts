import {Command} from '@oclif/core/command'
import * as Flags from '@oclif/core/flags'
import {placeFlags} from '../../package/command/flags.js'

export default class PackageRollback extends Command {
  static override summary = 'Make the version before, or another one, the current version of a package.'
  static override description =
    'The version that was current is refused from then on: a start does not install it again until there is another package, or a rollback names it. With --service the service is restarted with it; otherwise restart it yourself.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --service api',
    '<%= config.bin %> <%= command.id %> --service api --to 1.2.0',
    '<%= config.bin %> <%= command.id %> --host build.example.org --name api',
  ]
  static override flags = {
    ...placeFlags,
    to: Flags.string({summary: 'This version, by its number or as `package list` shows it.', helpValue: 'VERSION'}),
    restart: Flags.boolean({
      default: true,
      allowNo: true,
      summary: 'Restart the service that was named.',
    }),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(PackageRollback)
    const [{withPlace}, {rollBack, sayRolledBack}] = await Promise.all([
      import('../../package/command/with-place.js'),
      import('../../package/command/roll-back.js'),
    ])
    const done = await withPlace(flags, this.config, (opened) => rollBack(opened, flags))
    if (flags.json) this.log(JSON.stringify(done, null, 2))
    else for (const line of sayRolledBack(done)) this.log(line)
    if (done.failed.length > 0) this.exit(4)
  }
}

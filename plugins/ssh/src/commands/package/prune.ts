import {Command} from '@oclif/core/command'
import * as Flags from '@oclif/core/flags'
import {placeFlags} from '../../package/command/flags.js'

export default class PackagePrune extends Command {
  static override summary = 'Remove old versions of a package from a machine.'
  static override description =
    'The current version and the one that a rollback returns to stay in any case. `pre_remove` of a version runs before it goes.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --service api --keep 3 --dry-run',
    '<%= config.bin %> <%= command.id %> --host build.example.org --name api',
  ]
  static override flags = {
    ...placeFlags,
    keep: Flags.integer({default: 5, min: 0, summary: 'How many of the newest versions stay.', helpValue: 'N'}),
    'dry-run': Flags.boolean({default: false, summary: 'Only say what would be removed.'}),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(PackagePrune)
    const dryRun = flags['dry-run']
    const [{withPlace}, {lockPlace}, {prune}, {ownerOf}] = await Promise.all([
      import('../../package/command/with-place.js'),
      import('../../package/install/lock.js'),
      import('../../package/install/prune.js'),
      import('../../package/command/roll-back.js'),
    ])
    const {host, removed} = await withPlace(flags, this.config, async ({place, chosen}) => {
      await using _lock = await lockPlace(place, ownerOf('prune', chosen.name))
      return {host: place.host.name, removed: await prune(place, {keep: flags.keep, dryRun})}
    })
    if (flags.json) {
      this.log(JSON.stringify({host, dryRun, removed}, null, 2))
      return
    }
    const did = dryRun ? 'Would remove' : 'Removed'
    for (const {id, sizeKib} of removed) this.log(`${did} ${id} (${sizeKib} KiB)`)
    if (removed.length === 0) this.log('Nothing is to be removed.')
  }
}

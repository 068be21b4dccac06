import {Command} from '@oclif/core/command'
import {placeFlags} from '../../package/command/flags.js'

export default class PackageList extends Command {
  static override summary = 'List the versions of a package that are installed on a machine.'
  static override description =
    'The newest first: which is current, which a rollback returns to, and which was refused, with the reason.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --service api',
    '<%= config.bin %> <%= command.id %> --host deploy@build.example.org --name api',
  ]
  static override flags = placeFlags

  async run(): Promise<void> {
    const {flags} = await this.parse(PackageList)
    const [{withPlace}, {readInstalled}, {listVersions, versionLines}] = await Promise.all([
      import('../../package/command/with-place.js'),
      import('../../package/install/state.js'),
      import('../../package/command/show-installed.js'),
    ])
    const {root, host, installed} = await withPlace(flags, this.config, async ({place}) => ({
      root: place.root,
      host: place.host.name,
      installed: await readInstalled(place),
    }))
    if (flags.json) this.log(JSON.stringify({host, path: root, versions: listVersions(installed)}, null, 2))
    else for (const line of [`${root} on ${host}`, ...versionLines(installed)]) this.log(line)
  }
}

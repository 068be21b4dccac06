import path from 'node:path'
import {Command} from '@oclif/core/command'
import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {packageLines, packageSummary} from '../../package/show-package.js'

export default class PackageBuild extends Command {
  static override summary = 'Make a package of a folder: a tarball of a program with a manifest, for `type: package`.'
  static override description =
    'The folder has a harness-package.yaml, which says its name and version, which files belong to it, and how it is started and checked. The same files make the same package, byte for byte.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> services/api --out dist/api.tgz',
  ]
  static override args = {
    dir: Args.string({default: '.', description: 'The folder with harness-package.yaml.'}),
  }
  static override flags = {
    out: Flags.string({
      summary: 'Write it to this file. NAME-VERSION.tgz here unless said otherwise.',
      helpValue: 'FILE',
    }),
    json: Flags.boolean({default: false, summary: 'Print JSON.'}),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(PackageBuild)
    const {buildPackage} = await import('../../package/archive/build-package.js')
    const built = await buildPackage(path.resolve(args.dir), flags.out)
    if (flags.json) this.log(JSON.stringify({file: built.file, ...packageSummary(built)}, null, 2))
    else for (const line of [...packageLines(built), `file     ${built.file}`]) this.log(line)
  }
}

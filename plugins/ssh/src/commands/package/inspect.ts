import path from 'node:path'
import {Command} from '@oclif/core/command'
import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {fileLines, packageLines, packageSummary} from '../../package/show-package.js'

export default class PackageInspect extends Command {
  static override summary = 'Check a package, file by file, and show what it is.'
  static override description =
    'Every path, checksum and mode is compared with its manifest. Ends with 3 when it cannot be used.'
  static override examples = ['<%= config.bin %> <%= command.id %> api-1.2.0.tgz']
  static override args = {file: Args.string({required: true, description: 'The package.'})}
  static override flags = {json: Flags.boolean({default: false, summary: 'Print JSON, with the whole manifest.'})}

  async run(): Promise<void> {
    const {args, flags} = await this.parse(PackageInspect)
    const {readArchive} = await import('../../package/archive/read-archive.js')
    const read = await readArchive(path.resolve(args.file), args.file)
    if (flags.json) this.log(JSON.stringify({...packageSummary(read), manifest: read.manifest}, null, 2))
    else for (const line of [...packageLines(read), '', ...fileLines(read.manifest)]) this.log(line)
  }
}

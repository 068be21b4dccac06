import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {HarnessCommand} from '../cli/base-command.js'
import {stackFlags} from '../cli/flags.js'
import {parseTail} from '../cli/parse-tail.js'
import {serviceName} from '../cli/require-names.js'
import {attachService} from '../cli/session/attach-service.js'

export default class Attach extends HarnessCommand {
  static override summary = 'Connect to the output and the input of a running service.'
  static override description =
    'Shows what it prints, as it is, and hands over the lines that are typed, or what is piped, if its target has `stdin: true`. Where it is piped, this leaves at its end. The input of the service itself never ends: the next one can attach. Ctrl-P Ctrl-Q leaves it, and it runs on; so does Ctrl-C. When it ends, so does this, with its exit code.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> repl',
    {description: 'One line of input', command: 'echo reload | <%= config.bin %> <%= command.id %> server'},
  ]
  static override args = {
    service: Args.string({required: true, ignoreStdin: true, description: 'The service.'}),
  }
  static override flags = {
    ...stackFlags,
    stdin: Flags.boolean({
      default: true,
      allowNo: true,
      summary: 'Hand over what is typed or piped, as is standard; --no-stdin only shows.',
    }),
    tail: Flags.string({
      char: 'n',
      default: '10',
      summary: 'How many of the last lines of each stream to begin with, or `all`.',
      helpValue: 'LINES',
    }),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Attach)
    const wish = {
      choice: flags,
      service: serviceName(args.service),
      stdin: flags.stdin,
      tail: parseTail(flags.tail) ?? Number.MAX_SAFE_INTEGER,
    }
    this.exitWith(await attachService(this.host(flags), wish))
  }
}

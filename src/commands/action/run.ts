import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {HarnessCommand} from '../../cli/base-command.js'
import {jsonFlag, stackFlags} from '../../cli/flags.js'
import {parseTimeout} from '../../cli/parse-timeout.js'
import {serviceName} from '../../cli/require-names.js'
import {runAction} from '../../cli/run-action.js'

export default class ActionRun extends HarnessCommand {
  static override summary = 'Do something with a service that runs: an action of its type.'
  static override description =
    'What the action says comes as it says it, then its output. --json prints one object a line: {"event": …}, at last {"output": …} or {"error": …}. Ctrl-C ends the action.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> chain mine --param blocks=5',
    `<%= config.bin %> <%= command.id %> chain fund --input '{"address": "0x…", "amount": 10}'`,
    {
      description: 'Input from a program',
      command: 'make-input | <%= config.bin %> <%= command.id %> chain fund --input -',
    },
  ]
  static override args = {
    service: Args.string({required: true, ignoreStdin: true, description: 'The service.'}),
    action: Args.string({required: true, ignoreStdin: true, description: 'The action.'}),
  }
  static override flags = {
    ...stackFlags,
    ...jsonFlag,
    param: Flags.string({
      char: 'p',
      multiple: true,
      multipleNonGreedy: true,
      summary: 'One field of the input. A text becomes a number or boolean where the action wants one.',
      helpValue: 'KEY=VALUE',
    }),
    input: Flags.string({
      char: 'i',
      summary: 'The input as JSON; `-` reads it from standard input. --param is laid over it.',
      helpValue: 'JSON',
    }),
    timeout: Flags.string({summary: 'Give up after this time and exit with 4.', helpValue: '30s'}),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(ActionRun)
    const wish = {
      choice: flags,
      service: serviceName(args.service),
      action: args.action,
      params: flags.param ?? [],
      input: flags.input,
      ...parseTimeout(flags.timeout),
    }
    this.exitWith(await runAction(this.host(flags), wish))
  }
}

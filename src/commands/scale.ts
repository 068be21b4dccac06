import * as Args from '@oclif/core/args'
import {HarnessCommand} from '../cli/base-command.js'
import {jsonFlag, stackFlags} from '../cli/flags.js'
import {parseScales} from '../cli/parse-scale.js'
import {scaleServices} from '../cli/scale-services.js'

export default class Scale extends HarnessCommand {
  static override summary = 'Set how many replicas of a service there are.'
  static override description =
    'Starts what is missing and stops those with the highest numbers; the others go on. It holds until the stack file has another number.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> api=3',
    {description: 'Several at once', command: '<%= config.bin %> <%= command.id %> api=3 worker=0'},
  ]
  static override args = {
    replicas: Args.string({
      multiple: true,
      required: true,
      description: 'SERVICE=NUMBER for each service to scale.',
    }),
  }
  static override flags = {...stackFlags, ...jsonFlag}

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Scale)
    const wish = {choice: flags, scales: parseScales(args.replicas)}
    this.exitWith(await scaleServices(this.host(flags), wish))
  }
}

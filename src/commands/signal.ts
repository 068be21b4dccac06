import * as Args from '@oclif/core/args'
import {HarnessCommand} from '../cli/base-command.js'
import {jsonFlag, stackFlags} from '../cli/flags.js'
import {parseSignal} from '../cli/parse-signal.js'
import {serviceName} from '../cli/require-names.js'
import {signalService} from '../cli/signal-service.js'

export default class Signal extends HarnessCommand {
  static override summary = 'Send a signal to a running service.'
  static override description =
    'To its program alone, not to what that has started; of a service with replicas, to all that run. When the program ends by it, that is an exit like any other: the restart policy decides what follows. To end a service and have it stay so, use `stop`.'
  static override examples = [
    {description: 'Have it read its configuration again', command: '<%= config.bin %> <%= command.id %> proxy HUP'},
    '<%= config.bin %> <%= command.id %> worker SIGUSR1',
  ]
  static override args = {
    service: Args.string({required: true, ignoreStdin: true, description: 'The service.'}),
    signal: Args.string({
      required: true,
      ignoreStdin: true,
      description: 'Its name, in any case, with or without SIG, or its number.',
    }),
  }
  static override flags = {...stackFlags, ...jsonFlag}

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Signal)
    const wish = {choice: flags, service: serviceName(args.service), signal: parseSignal(args.signal)}
    this.exitWith(await signalService(this.host(flags), wish))
  }
}

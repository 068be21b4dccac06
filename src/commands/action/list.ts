import * as Args from '@oclif/core/args'
import {HarnessCommand} from '../../cli/base-command.js'
import {jsonFlag, stackFlags} from '../../cli/flags.js'
import {listActions} from '../../cli/list-actions.js'
import {serviceName} from '../../cli/require-names.js'

export default class ActionList extends HarnessCommand {
  static override summary = 'Show what can be done with services: the actions of their types.'
  static override description = 'With a service also what each action takes; --json has whole JSON Schemas.'
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> chain']
  static override args = {
    service: Args.string({ignoreStdin: true, description: 'The service; all when none is named.'}),
  }
  static override flags = {...stackFlags, ...jsonFlag}

  async run(): Promise<void> {
    const {args, flags} = await this.parse(ActionList)
    const service = args.service === undefined ? undefined : serviceName(args.service)
    await listActions(this.host(flags), {choice: flags, service})
  }
}

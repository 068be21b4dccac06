import * as Flags from '@oclif/core/flags'
import {HarnessCommand} from '../cli/base-command.js'
import {showEvents} from '../cli/events/show-events.js'
import {jsonFlag, servicesArgument, stackFlags} from '../cli/flags.js'
import {serviceNames} from '../cli/require-names.js'
import {topics} from '../core/protocol/topics.js'

export default class Events extends HarnessCommand {
  static override summary = 'Show what happens, as it happens, until Ctrl-C.'
  static override description =
    'Of all stacks, unless a flag names one: services and tasks that change their state, services and networks that become known. With the next daemon it goes on; where something may have been missed it says so, and how everything is. With --json each line is an event of docs/protocol.md.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    {
      description: 'Restarts and failures of one service',
      command: '<%= config.bin %> <%= command.id %> api --topic service.state',
    },
    {
      description: 'For a program: how everything is, then each change',
      command: '<%= config.bin %> <%= command.id %> --snapshot --json',
    },
  ]
  static override args = servicesArgument('The services and tasks to show')
  static override flags = {
    ...stackFlags,
    ...jsonFlag,
    topic: Flags.option({
      multiple: true,
      multipleNonGreedy: true,
      options: topics,
      summary:
        'Only events of this topic. All but task.event and service.event, which are what tasks and services say, when none is named.',
    })(),
    snapshot: Flags.boolean({default: false, summary: 'Begin with how everything is.'}),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Events)
    const {topic, snapshot} = flags
    const wish = {choice: flags, services: serviceNames(args.services), topics: topic, snapshot}
    this.exitWith(await showEvents(this.host(flags), wish))
  }
}

import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {HarnessCommand} from '../../cli/base-command.js'
import {environmentFlag, jsonFlag, stackFlags} from '../../cli/flags.js'
import {taskName} from '../../cli/require-names.js'
import {runTask} from '../../cli/run-task.js'

export default class TaskRun extends HarnessCommand {
  static override summary = 'Run a task once, with what it depends on.'
  static override description = 'A task that is complete is skipped, unless --force is given.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> seed',
    '<%= config.bin %> <%= command.id %> seed --force',
  ]
  static override args = {
    name: Args.string({required: true, ignoreStdin: true, description: 'The task.'}),
  }
  static override flags = {
    ...stackFlags,
    ...environmentFlag,
    ...jsonFlag,
    force: Flags.boolean({default: false, summary: 'Run it although it is complete.'}),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(TaskRun)
    const host = this.host(flags)
    this.exitWith(await runTask(host, {choice: flags, task: taskName(args.name), force: flags.force}))
  }
}

import {findStack} from '../../cli/ask-stack.js'
import {HarnessCommand} from '../../cli/base-command.js'
import {jsonFlag, stackFlags} from '../../cli/flags.js'
import {taskLines} from '../../cli/status-lines.js'
import {withNeededDaemon} from '../../cli/with-daemon.js'

export default class TaskList extends HarnessCommand {
  static override summary = 'Show the tasks of a stack and how they stand.'
  static override examples = ['<%= config.bin %> <%= command.id %>']
  static override flags = {...stackFlags, ...jsonFlag}

  async run(): Promise<void> {
    const {flags} = await this.parse(TaskList)
    const host = this.host(flags)
    const {terminal} = host
    const tasks = await withNeededDaemon(host, async (client) => {
      const choice = await findStack(client, flags)
      return choice.known ? (await client.call('task.list', {stack: choice.stack})).tasks : undefined
    })
    if (terminal.json) terminal.data({tasks: tasks ?? []})
    if (tasks === undefined)
      terminal.out('Nothing is running. `harness task run NAME` loads the stack file and runs one.')
    else if (tasks.length === 0) terminal.out('The stack has no tasks.')
    else for (const line of taskLines(tasks, terminal.style)) terminal.out(line)
  }
}

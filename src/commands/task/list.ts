import {HarnessCommand} from '../../cli/base-command.js'
import {jsonFlag, stackFlags} from '../../cli/flags.js'
import {taskLines} from '../../cli/status-lines.js'
import {withStack} from '../../cli/with-stack.js'

export default class TaskList extends HarnessCommand {
  static override summary = 'Show the tasks of a stack and how they stand.'
  static override examples = ['<%= config.bin %> <%= command.id %>']
  static override flags = {...stackFlags, ...jsonFlag}

  async run(): Promise<void> {
    const {flags} = await this.parse(TaskList)
    const host = this.host(flags)
    const {terminal} = host
    const end = await withStack(host, flags, (client, stack) => client.call('service.status', {stack, services: []}))
    const {stack, name, tasks} = end.found ? end.value : {stack: null, name: null, tasks: []}
    if (terminal.json) terminal.data({stack, name, tasks})
    if (!end.found) terminal.out(`${end.said} \`harness task run NAME\` loads the stack file and runs one.`)
    else if (tasks.length === 0) terminal.out('The stack has no tasks.')
    else for (const line of taskLines(tasks, terminal.style)) terminal.out(line)
  }
}

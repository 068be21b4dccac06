import {formatDuration} from '../../core/base/duration.js'
import {stateDirectory} from '../../core/base/state-directory.js'
import type {DaemonInfo} from '../../core/protocol/methods.js'
import {HarnessCommand} from '../../cli/base-command.js'
import {jsonFlag} from '../../cli/flags.js'
import {pluginProblemLines} from '../../cli/plugin-problem-lines.js'
import {tableLines} from '../../cli/table.js'
import type {Style} from '../../cli/style.js'
import {withRunningDaemon} from '../../cli/with-daemon.js'

export default class DaemonStatus extends HarnessCommand {
  static override summary = 'Show whether a daemon runs, where it listens and which stacks it knows.'
  static override examples = ['<%= config.bin %> <%= command.id %>']
  static override flags = {...jsonFlag}

  async run(): Promise<void> {
    const {flags} = await this.parse(DaemonStatus)
    const host = this.host(flags)
    const {terminal} = host
    const info = await withRunningDaemon(host, (client) => client.call('daemon.info', {}))
    if (terminal.json) terminal.data(info ? {running: true, ...info} : {running: false, stateDir: stateDirectory()})
    const lines = info ? infoLines(info, terminal.style) : [`No daemon is running for ${stateDirectory()}.`]
    for (const line of lines) terminal.out(line)
    const problems = info?.problems ?? []
    for (const line of problems.flatMap((problem) => pluginProblemLines(problem, terminal.style))) terminal.warn(line)
  }
}

function infoLines(info: DaemonInfo, style: Style): readonly string[] {
  const stacks = tableLines(
    info.stacks,
    [
      {title: 'STACK', cell: ({name}) => ({text: name, paint: style.bold})},
      {title: 'RUNNING', cell: ({running, total}) => `${running} of ${total}`},
      {title: 'FILE', cell: ({file}) => file},
    ],
    style.dim,
  )
  const fields = [
    ['pid', String(info.pid)],
    ['version', info.version],
    ['uptime', formatDuration(info.uptimeMs)],
    ['listens at', info.listeners.join('  ')],
    ['state', info.stateDir],
  ] as const
  return [
    ...fields.map(([name, value]) => `${style.dim(name.padEnd(10))}  ${value}`),
    ...(info.stacks.length === 0 ? [] : ['', ...stacks]),
  ]
}

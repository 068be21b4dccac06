import {formatDuration} from '../core/base/duration.js'
import {printable} from '../core/base/printable.js'
import type {DaemonInfo} from '../core/protocol/methods.js'
import {stackLabel} from './stack-label.js'
import type {Style} from './style.js'
import {tableLines} from './table.js'

/** A daemon and its stacks as people read them, harmless for a terminal whatever its paths and names hold. */
export function daemonInfoLines(info: DaemonInfo, style: Style): readonly string[] {
  const fields = [
    ['pid', String(info.pid)],
    ['version', info.version],
    ['uptime', formatDuration(info.uptimeMs)],
    ['listens at', info.listeners.join('  ')],
    ['public key', info.publicKey],
    ['state', info.stateDir],
  ] as const
  const label = stackLabel(info.stacks.map(({stack, name}) => ({stack, stackName: name})))
  const stacks = tableLines(
    info.stacks,
    [
      {title: 'STACK', cell: ({stack, name}) => ({text: label({stack, stackName: name}), paint: style.bold})},
      {title: 'RUNNING', cell: ({running, total}) => `${running} of ${total}`},
      {title: 'FILE', cell: ({file}) => file},
    ],
    style.dim,
  )
  return [
    ...fields.map(([name, value]) => `${style.dim(name.padEnd(10))}  ${printable(value)}`),
    ...(info.stacks.length === 0 ? [] : ['', ...stacks]),
  ]
}

import {printable} from '../core/base/printable.js'
import type {StackSummary} from '../core/protocol/methods.js'
import type {Style} from './style.js'
import {tableLines} from './table.js'
import {withNeededDaemon, type Host} from './with-daemon.js'

/** `harness ls`: answers the exit code. Without a daemon, and with nothing for one to do, the state on disk answers. */
export async function listStacks(host: Host): Promise<number> {
  const {terminal} = host
  const known = await withNeededDaemon(host, async (client) => (await client.call('stack.list', {})).stacks)
  const stacks = inOrder(known ?? (await restingStacks()))
  if (terminal.json) terminal.data({stacks})
  else for (const line of stackListLines(stacks, terminal.style)) terminal.out(line)
  return 0
}

async function restingStacks(): Promise<readonly StackSummary[]> {
  const {stacksAtRest} = await import('./journal.js')
  return stacksAtRest()
}

/** By name, then by file: the same list however the stacks became known. */
function inOrder(stacks: readonly StackSummary[]): readonly StackSummary[] {
  const keyOf = ({name, file, stack}: StackSummary): string => [name, file, stack].join('\0')
  return [...stacks].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}

/** The table of `harness ls`. */
export function stackListLines(stacks: readonly StackSummary[], style: Style): readonly string[] {
  if (stacks.length === 0) return ['No stack has been started. `harness start` starts that of this folder.']
  const nameOf = (id: string): string => stacks.find(({stack}) => stack === id)?.name ?? id
  return tableLines(
    stacks,
    [
      {title: 'STACK', cell: ({name}) => ({text: name, paint: style.bold})},
      {
        title: 'RUNNING',
        cell: ({running, total}) => ({text: `${running}/${total}`, paint: style[running > 0 ? 'green' : 'dim']}),
      },
      {title: 'ENV', cell: ({environment}) => environment ?? ''},
      {title: 'ID', cell: ({stack}) => ({text: stack, paint: style.dim})},
      {title: 'FILE', cell: ({file}) => file},
      {
        title: 'NOTE',
        cell: ({renamedTo}) => (renamedTo === undefined ? '' : `is '${printable(nameOf(renamedTo))}' now`),
      },
    ],
    style.dim,
  )
}

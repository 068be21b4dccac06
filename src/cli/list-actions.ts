import type {ResultOf} from '../core/protocol/methods.js'
import type {StackChoiceFlags} from './flags.js'
import {schemaLines} from './schema-lines.js'
import type {Style} from './style.js'
import {tableLines} from './table.js'
import {withAnyStack} from './with-any-stack.js'
import type {Host} from './with-daemon.js'

export interface ActionListWish {
  readonly choice: StackChoiceFlags
  /** All when it is not given. */
  readonly service: string | undefined
}

type Actions = ResultOf<'action.list'>['actions']

/** `harness action list`. */
export async function listActions({terminal, ...host}: Host, {choice, service}: ActionListWish): Promise<void> {
  const {actions} = await withAnyStack({terminal, ...host}, choice, (client, stack) =>
    client.call('action.list', {stack, ...(service !== undefined && {service})}),
  )
  if (terminal.json) terminal.data({actions})
  if (actions.length === 0) terminal.out(service === undefined ? noneAtAll : `Service ${service} has no actions.`)
  else for (const line of actionLines(actions, service !== undefined, terminal.style)) terminal.out(line)
}

const noneAtAll = 'The services of the stack have no actions: service types bring them.'

function actionLines(actions: Actions, detailed: boolean, style: Style): readonly string[] {
  const table = tableLines(
    actions,
    [
      {title: 'SERVICE', cell: ({service}) => ({text: service, paint: style.bold})},
      {title: 'ACTION', cell: ({name}) => name},
      {title: 'SUMMARY', cell: ({summary}) => summary},
    ],
    style.dim,
  )
  if (!detailed) return table
  return [...table, ...actions.flatMap(({name, input}) => ['', style.bold(name), ...schemaLines(input, style)])]
}

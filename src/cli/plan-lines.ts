import type {PlannedStep} from '../core/protocol/notifications.js'
import type {Colour, Style} from './style.js'
import {tableLines} from './table.js'

/** What a start or restart would do, in the order in which it would, each step with its cause. */
export function planLines(steps: readonly PlannedStep[], style: Style): readonly string[] {
  if (steps.length === 0) return ['There is nothing to do.']
  return tableLines(
    steps,
    [
      {title: 'ACTION', cell: ({action}) => ({text: action, paint: style[colours[action]]})},
      {title: 'NAME', cell: ({name}) => ({text: name, paint: style.bold})},
      {title: 'KIND', cell: ({kind}) => (steps.some((step) => step.kind === 'task') ? kind : '')},
      {title: 'WHY', cell: ({cause}) => cause},
      {title: 'IN', cell: ({layers}) => layers ?? ''},
      {title: 'AFTER', cell: ({after}) => after.join(', ')},
    ],
    style.dim,
  )
}

const colours: Readonly<Record<PlannedStep['action'], Colour>> = {
  keep: 'dim',
  restart: 'yellow',
  run: 'cyan',
  start: 'green',
  stop: 'red',
}

import type {Diagnostic} from '../contract/diagnostic.js'
import type {StackDefinition} from '../contract/stack.js'
import {pointerTo} from './reading.js'

/** A task has one state and one result: two runs of it side by side cannot be told apart, so `overlap: parallel` is refused. */
export function checkOverlaps({tasks}: Pick<StackDefinition, 'tasks'>): Diagnostic[] {
  return Object.entries(tasks).flatMap(([name, {schedule}]) =>
    schedule?.overlap === 'parallel'
      ? [
          {
            severity: 'error',
            code: 'CONFIG_INVALID_VALUE',
            message: `tasks.${name}.schedule.overlap: parallel is not possible, a task runs once at a time.`,
            pointer: pointerTo(pointerTo(pointerTo('/tasks', name), 'schedule'), 'overlap'),
            suggestion: "write 'overlap: queue' to run it again afterwards, or 'overlap: skip'",
          },
        ]
      : [],
  )
}

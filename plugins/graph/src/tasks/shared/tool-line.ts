import {object} from '../../shared/object-schema.js'
import type {ToolLine} from './run-tool.js'

/** A line of a program among the events of a task, shown as those of `task_type: command` are. */
export const toolLine = object<ToolLine>({
  stream: {enum: ['stdout', 'stderr'], description: 'Where it was printed.'},
  text: {type: 'string', description: 'Without colours.'},
})

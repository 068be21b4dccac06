import {program} from './health-check.js'
import {listOf, text} from './shapes.js'
import type {MapTable} from './table.js'

/** The long form of `stop_command` and `status`. */
export const commandTable: MapTable<'command'> = {
  title: 'A command',
  about: 'The long form of `stop_command` and `status`. No shell takes it apart.',
  keys: {
    program: {
      description: 'A name that is looked for in PATH, or a path.',
      value: {...program, shown: 'program, list of it and its arguments'},
      example: 'node',
      required: true,
    },
    args: {description: 'Its arguments.', value: listOf(text, 'texts'), default: [], example: ['stop.mjs']},
  },
}

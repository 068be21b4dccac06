import {choice, duration, either, listOf, mapOf, name, path, text} from './shapes.js'
import type {MapTable} from './table.js'

export const watchTable: MapTable<'watch'> = {
  title: 'A watch',
  about: 'What follows when files change.',
  keys: {
    paths: {
      description: 'Files, and folders with all below them. Relative paths start at the folder of the stack file.',
      value: listOf(path, 'paths', 1),
      example: ['src', 'package.json'],
      required: true,
    },
    include: {
      description: 'Only files that match one of these globs. Empty: all.',
      value: listOf(text, 'globs'),
      default: [],
      example: ['**/*.ts'],
    },
    ignore: {
      description: 'Never what matches one of these globs.',
      value: listOf(text, 'globs'),
      default: [],
      example: ['**/*.log'],
    },
    action: {
      description: '`restart` restarts the service, `{task: NAME}` runs a task.',
      value: either(choice(['restart']), mapOf('watchAction')),
      default: 'restart',
      example: {task: 'build'},
    },
    debounce: {
      description: 'For this long nothing more must change before something is done.',
      value: duration,
      default: '300ms',
      example: '1s',
    },
  },
}

export const watchActionTable: MapTable<'watchAction'> = {
  title: "A watch's action",
  about: 'The long form of `action` of a watch.',
  keys: {task: {description: 'The task that is run.', value: name, example: 'build', required: true}},
}

import {boolean, choice} from './shapes.js'
import type {MapTable} from './table.js'

export const logsTable: MapTable<'logs'> = {
  title: 'Logs',
  about: 'How what a service or task prints is kept.',
  keys: {
    capture: {
      description:
        '`file` writes straight to a file, `pipe` through a small process, for programs that open /dev/stdout themselves.',
      value: choice(['file', 'pipe']),
      default: 'file',
      example: 'pipe',
    },
    merge: {
      description: 'Both streams into one file, in exact order; they can then no longer be told apart.',
      value: boolean,
      default: false,
      example: true,
    },
  },
}

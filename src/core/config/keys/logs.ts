import {boolean, choice, size, whole} from './shapes.js'
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
    max_size: {
      description:
        'The size of a part of a log. Parts older than the newest `keep` are removed while the program runs on; a reader that comes late is told how much is gone. At least 64KB.',
      value: size,
      default: '10MB',
      example: '100MB',
    },
    keep: {
      description:
        'How many full parts stay, beside the one being written: the last `max_size` × `keep` bytes are always there, of each stream and of each of the last 5 attempts. Where the disk cannot free a part of a file, up to twice as much stays.',
      value: whole(1, 1000),
      default: 5,
      example: 2,
    },
  },
}

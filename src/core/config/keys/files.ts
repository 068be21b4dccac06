import {boolean, choice, path} from './shapes.js'
import type {MapTable} from './table.js'

/** An item of `include` in its long form. */
export const includeTable: MapTable<'include'> = {
  title: 'An include',
  about: 'The long form of a path under `include`.',
  keys: {
    path: {
      description: 'A stack file. A relative path starts at the file that names it.',
      value: path,
      example: './db/harness.yaml',
      required: true,
    },
  },
}

/** An item of `env_file` in its long form. */
export const envFileTable: MapTable<'envFile'> = {
  title: 'A file with variables',
  about: 'The long form of a path under `env_file`.',
  keys: {
    path: {
      description: 'The file. A relative path starts at the file that names it.',
      value: path,
      example: './local.env',
      required: true,
    },
    required: {
      description: 'Whether it is an error that the file is not there.',
      value: boolean,
      default: true,
      example: false,
    },
    format: {
      description: '`compose` knows quotes, comments and `${VARIABLES}`; `raw` takes each line as it is.',
      value: choice(['compose', 'raw']),
      default: 'compose',
      example: 'raw',
    },
  },
}

import {exactlyOneOf} from './rules.js'
import {either, listOf, path, someText, text} from './shapes.js'
import type {MapTable} from './table.js'

export const secretTable: MapTable<'secret'> = {
  title: 'A secret',
  about: 'Where a secret value comes from: exactly one of these. The value itself never stands in the file.',
  keys: {
    env: {
      description: 'A variable of your environment or of the `.env` file.',
      value: {...text, shown: 'name of a variable'},
      example: 'DB_PASSWORD',
    },
    file: {
      description:
        'A file whose text it is; one line break at the end does not count. A relative path starts at the file that names it.',
      value: path,
      example: './db-password',
    },
    command: {
      description: 'A program that prints it, with its arguments. It runs in the folder of the stack file.',
      value: either(someText, listOf(text, 'texts', 1)),
      example: ['pass', 'show', 'db'],
    },
  },
  rules: [exactlyOneOf('env', 'file', 'command')],
}

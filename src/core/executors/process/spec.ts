import type {JsonSchema} from '../../base/json.js'

/** What `target: {type: process}` takes. */
export interface ProcessSpec {
  readonly binary: string
  readonly args?: readonly string[]
  readonly working_dir?: string
  readonly stdin?: boolean
}

export const processSpecSchema: JsonSchema<ProcessSpec> = {
  type: 'object',
  description: 'A program on this machine.',
  required: ['binary'],
  properties: {
    binary: {
      type: 'string',
      minLength: 1,
      description: 'A name that is looked for in PATH, or a path that starts from the working directory.',
    },
    args: {type: 'array', items: {type: 'string'}, default: [], description: 'Its arguments. No shell reads them.'},
    working_dir: {
      type: 'string',
      minLength: 1,
      default: '.',
      description: 'Where it runs. A relative path starts from the folder of the stack file.',
    },
    stdin: {
      type: 'boolean',
      default: false,
      description:
        'Keep its standard input open for `harness attach`, which then types into it. Otherwise its input is empty. It never ends.',
    },
  },
  additionalProperties: false,
}

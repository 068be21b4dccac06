import type {JsonSchema} from '../base/json.js'
import type {Layer} from '../contract/layer.js'

interface LocalLayerSpec {
  readonly env?: Readonly<Record<string, string>>
  readonly working_dir?: string
}

const specSchema: JsonSchema<LocalLayerSpec> = {
  type: 'object',
  description: 'This machine, or the one that the layers around it lead to, with variables and a folder.',
  properties: {
    env: {
      type: 'object',
      additionalProperties: {type: 'string'},
      default: {},
      description: 'Variables for what is in it; those that it has already stay.',
    },
    working_dir: {
      type: 'string',
      pattern: '^/',
      description: 'Absolute path of the folder of what is in it, unless it has one.',
    },
  },
  additionalProperties: false,
}

/** Runs the command where it would run anyway. Outside of another layer it is for the client of that layer, inside for the command. */
export const localLayer: Layer<LocalLayerSpec> = {
  kind: 'local',
  local: true,
  specSchema,
  describe: ({working_dir}) => (working_dir === undefined ? 'local' : `local in ${working_dir}`),
  wrap: (command, {env, working_dir}) => ({
    ...command,
    env: {...env, ...command.env},
    ...(command.cwd === undefined && working_dir !== undefined && {cwd: working_dir}),
  }),
}

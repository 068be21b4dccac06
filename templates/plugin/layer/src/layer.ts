import type {Layer} from '@service-harness/cli/plugin'
import {specSchema, type Spec} from './spec.js'

/** Runs a command through `nice`. Only the command line changes: its environment, folder and input are what they were. */
export const layer: Layer<Spec> = {
  kind: 'my-plugin',
  specSchema,
  wrap: (command, {niceness}) => ({
    ...command,
    program: 'nice',
    args: ['-n', String(niceness), command.program, ...command.args],
  }),
  describe: ({niceness}) => `nice -n ${niceness}`,
}

import type {Layer} from '@service-harness/cli/plugin'
import {specSchema, type Spec} from './spec.js'

/**
 * Runs a command through `nice`. Only the command line changes: its environment, folder and input are what they were. `local`: it still runs on this
 * machine; take that away when yours leads elsewhere.
 */
export const layer: Layer<Spec> = {
  kind: 'my-plugin',
  local: true,
  specSchema,
  wrap: (command, {niceness}) => ({
    ...command,
    program: 'nice',
    args: ['-n', String(niceness), command.program, ...command.args],
  }),
  describe: ({niceness}) => `nice -n ${niceness}`,
}

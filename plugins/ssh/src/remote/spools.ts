import type {SpoolOptions} from '@service-harness/cli/plugin'
import type {RunState} from './state.js'

/** Where the output of a run is kept. */
export function spoolOf({runDirectory, logs}: RunState): SpoolOptions {
  return {directory: runDirectory, logs: {capture: 'file', ...logs}}
}

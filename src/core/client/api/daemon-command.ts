import {fileURLToPath} from 'node:url'
import {withoutCookie} from '../../process/cookie.js'
import type {LaunchOptions} from '../launch.js'

/** How the daemon of this package is launched. */
export function daemonCommand(
  stateDirectory: string,
  flags: readonly string[],
): Pick<LaunchOptions, 'command' | 'env'> {
  const program = fileURLToPath(new URL('../../../../bin/run.js', import.meta.url))
  return {
    command: [process.execPath, program, 'daemon', ...flags],
    env: {...withoutCookie(process.env), HARNESS_STATE_DIR: stateDirectory},
  }
}

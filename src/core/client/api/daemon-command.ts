import path from 'node:path'
import {packageRoot} from '../../base/package-files.js'
import {withoutCookie} from '../../process/cookie.js'
import type {LaunchOptions} from '../launch.js'

/** How the daemon of this package is launched. `withheld`: variables that are no business of it, and of what it starts. */
export function daemonCommand(
  stateDirectory: string,
  flags: readonly string[],
  withheld: ReadonlySet<string> = new Set(),
): Pick<LaunchOptions, 'command' | 'env'> {
  const program = path.join(packageRoot, 'bin/run.js')
  const env = Object.entries(withoutCookie(process.env)).filter(([name]) => !withheld.has(name))
  return {
    command: [process.execPath, program, 'daemon', ...flags],
    env: {...Object.fromEntries(env), HARNESS_STATE_DIR: stateDirectory},
  }
}

import {homedir} from 'node:os'
import path from 'node:path'

/** Its name for `systemctl --user`. */
export const unitName = 'harness.service'

/** Where the systemd of this user looks for it. */
export function unitFile(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const configuration = env['XDG_CONFIG_HOME']
  const folder = configuration ? path.resolve(configuration) : path.join(homedir(), '.config')
  return path.join(folder, 'systemd', 'user', unitName)
}

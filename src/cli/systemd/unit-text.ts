import {HarnessError} from '../../core/base/errors.js'

/** Everything that a unit says about the daemon that it runs. */
export interface DaemonUnit {
  /** A program by its absolute path, and its arguments. */
  readonly command: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/**
 * The unit of the daemon for the systemd of a user. KillMode=process: the end of the daemon is not the end of its services, which the
 * next daemon finds again. One that an out-of-memory kill has hit inside a service is not stopped for it.
 */
export function unitText({command, env}: DaemonUnit): string {
  const variables = Object.entries(env).map(([name, value]) => `Environment=${quoted(`${name}=${value}`)}`)
  return [
    '# Written by `harness daemon install`, which may be run again; `harness daemon uninstall` removes it.',
    '[Unit]',
    'Description=The harness daemon, which owns the services of this user',
    '',
    '[Service]',
    'Type=exec',
    `ExecStart=${command.map((part) => quoted(part).replaceAll('$', '$$$$')).join(' ')}`,
    ...variables,
    'KillMode=process',
    'OOMPolicy=continue',
    'Restart=on-failure',
    'RestartSec=1s',
    '# Another daemon owns the state directory.',
    'RestartPreventExitStatus=75',
    '',
    '[Install]',
    'WantedBy=default.target',
    '',
  ].join('\n')
}

/** As systemd reads it: in quotes with escapes, and without the specifiers that begin with %. */
function quoted(text: string): string {
  if (/[\x00-\x1F\x7F]/.test(text)) {
    throw new HarnessError('USAGE', {
      subject: JSON.stringify(text),
      reason: 'a control character cannot stand in a unit of systemd',
      hint: 'Choose another state directory, or another PATH.',
    })
  }
  return `"${text.replace(/["\\]/g, String.raw`\$&`).replaceAll('%', '%%')}"`
}

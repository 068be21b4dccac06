import {readFileSync} from 'node:fs'
import {HarnessError} from '../../core/base/errors.js'
import {runTool} from '../run-tool.js'
import {unitName} from './unit-file.js'

/** Why no systemd of this user can be asked; `undefined` when one answers. */
export async function whyNoManager(): Promise<string | undefined> {
  const {code, said, missing} = await runTool('systemctl', ['--user', 'show-environment'])
  if (missing) return "this machine has no 'systemctl'"
  return code === 0 ? undefined : said.replace(/\.$/, '') || 'it does not answer'
}

/** Asks the systemd of this user for something. EXECUTOR_FAILED when it refuses. */
export async function askManager(...args: readonly string[]): Promise<void> {
  const {code, said} = await runTool('systemctl', ['--user', ...args])
  if (code === 0) return
  throw new HarnessError('EXECUTOR_FAILED', {
    subject: `systemctl --user ${args.join(' ')}`,
    reason: said || 'it failed',
    hint: `See \`systemctl --user status ${unitName}\` and \`journalctl --user -u ${unitName}\`.`,
  })
}

/** Whether a process is the daemon of the unit: what it started is in the same group, but is no daemon. */
export function isOfUnit(pid: number): boolean {
  try {
    const groups = readFileSync(`/proc/${pid}/cgroup`, 'utf8')
    return groups.split('\n').some((line) => line.endsWith(`/${unitName}`))
  } catch {
    return false
  }
}

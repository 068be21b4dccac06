import {constants} from 'node:fs'
import {open} from 'node:fs/promises'
import {messageOf} from '../../core/base/errors.js'
import {ok, warning, type Verdict} from './finding.js'

/** Whether terminals can be made for programs that want one. */
export async function checkTerminal(): Promise<readonly Verdict[]> {
  try {
    const handle = await open('/dev/ptmx', constants.O_RDWR | constants.O_NOCTTY)
    await handle.close()
    return [ok('terminals can be made')]
  } catch (error) {
    return [warning(`no terminal can be made: ${messageOf(error)}`, 'mount -t devpts devpts /dev/pts')]
  }
}

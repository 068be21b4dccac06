import {HarnessError} from '../../core/base/errors.js'
import type {Client} from '../../core/client/client.js'
import {waitForDaemon, type Host} from '../with-daemon.js'
import {unitName} from './unit-file.js'
import {askManager} from './user-manager.js'

const patienceMs = 15_000

/** Has systemd start the daemon of the unit, and waits until it answers. */
export async function startUnit(host: Host): Promise<Client> {
  await askManager('restart', unitName)
  const patience = AbortSignal.timeout(patienceMs)
  try {
    return await waitForDaemon(host, patience)
  } catch (error) {
    if (!patience.aborted) throw error
    throw new HarnessError('DAEMON_START_FAILED', {
      subject: unitName,
      reason: `it did not answer within ${patienceMs / 1000} s`,
      hint: `See \`systemctl --user status ${unitName}\` and \`harness daemon logs\`.`,
      cause: error,
    })
  }
}

import {HarnessError} from '../core/base/errors.js'
import {stateDirectory} from '../core/base/state-directory.js'
import {withRunningDaemon, type Host} from './with-daemon.js'

/** `harness daemon metrics`. DAEMON_UNREACHABLE when none runs: there is nothing to measure then. */
export async function showMetrics(host: Host): Promise<void> {
  const metrics = await withRunningDaemon(host, (client) => client.call('daemon.metrics', {}))
  if (!metrics) throw new HarnessError('DAEMON_UNREACHABLE', {subject: stateDirectory(), reason: 'none runs'})
  host.terminal.out(metrics.text.trimEnd())
}

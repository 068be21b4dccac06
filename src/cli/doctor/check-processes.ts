import {withRunningDaemon, type Host} from '../with-daemon.js'
import {brokenBy, ok, skipped, warning, type Verdict} from './finding.js'

const shown = 5

/** Whether the daemon knows of everything that runs, and everything runs that it believes in. */
export async function checkProcesses(host: Host): Promise<readonly Verdict[]> {
  try {
    const census = await withRunningDaemon(host, (client) => client.call('daemon.census', {}))
    if (!census) return [skipped('the daemon has ended meanwhile')]
    const {attempts, mismatches} = census
    if (mismatches.length === 0) return [ok(`the daemon knows all that runs of ${attempts.length} services and tasks`)]
    const more = mismatches.length - shown
    return [
      ...mismatches.slice(0, shown).map(({kind, pid, message}) => warning(message, remedy(kind, pid))),
      ...(more > 0 ? [warning(`${more} more like these`, 'harness debug census')] : []),
    ]
  } catch (error) {
    return [brokenBy(error)]
  }
}

/** One that the daemon misses, it will find out about. */
function remedy(kind: string, pid: number): string {
  return kind === 'missing' ? 'harness daemon restart' : `kill ${pid}  (once you have looked at it: ps -fp ${pid})`
}

import type {DaemonInfo} from '../../core/protocol/methods.js'
import {wantsServicesUp} from '../journal.js'
import {withRunningDaemon, type Host} from '../with-daemon.js'
import {broken, brokenBy, ok, warning, type Verdict} from './finding.js'

/** What the daemon says of itself; `undefined` when none runs. An error when one should answer and does not. */
export type DaemonAnswer = {readonly info: DaemonInfo | undefined} | {readonly error: unknown}

export async function askDaemon(host: Host): Promise<DaemonAnswer> {
  try {
    return {info: await withRunningDaemon(host, (client) => client.call('daemon.info', {}))}
  } catch (error) {
    return {error}
  }
}

/** Whether a daemon runs, answers, and is of this version. */
export async function checkDaemon(answer: DaemonAnswer, {version}: Host): Promise<readonly Verdict[]> {
  if ('error' in answer) return [brokenBy(answer.error)]
  const {info} = answer
  if (info === undefined) {
    if (await wantsServicesUp().catch(() => false)) {
      return [warning('none runs, and services are up that one should look after', 'harness status')]
    }
    return [ok('none runs; commands start one when they need it')]
  }
  if (info.stateProblem) {
    const {message, hint} = info.stateProblem
    return [broken('STATE_WRITE_FAILED', message, hint)]
  }
  if (info.version !== version) {
    const said = `pid ${info.pid} is of version ${info.version}, this command of ${version}`
    return [warning(said, 'harness daemon restart')]
  }
  return [ok(`pid ${info.pid}, at ${info.listeners.join(' and ')}`)]
}

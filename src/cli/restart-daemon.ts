import {HarnessError} from '../core/base/errors.js'
import type {Client} from '../core/client/client.js'
import {argumentsOfRunning, daemonArguments, endsWhenIdle} from './daemon-arguments.js'
import type {ListenFlags} from './parse-listen.js'
import {stopDaemon} from './stop-daemon.js'
import {isOfUnit} from './systemd/user-manager.js'
import {openDaemon, type Host} from './with-daemon.js'

/**
 * Ends the daemon that runs and starts one that listens where it did, or where the flags say; that of systemd is started by systemd.
 * `stays`: also when the one that runs would end by itself.
 */
export async function restartDaemon(
  host: Host,
  flags: ListenFlags,
  {stays = false}: {readonly stays?: boolean} = {},
): Promise<Client> {
  let args = daemonArguments(flags)
  const before = {isOfUnit: false, endsWhenIdle: false}
  await stopDaemon(host, {
    stopServices: false,
    onPid(pid) {
      before.isOfUnit = isOfUnit(pid)
      if (before.isOfUnit) refuseArguments(args)
      before.endsWhenIdle = endsWhenIdle(pid)
      if (flags.listen === undefined) args = argumentsOfRunning(pid)
    },
  })
  if (!before.isOfUnit) return openDaemon(host, {stays: stays || !before.endsWhenIdle, quietly: true, args})
  const {startUnit} = await import('./systemd/start-unit.js')
  return startUnit(host)
}

function refuseArguments(args: readonly string[]): void {
  if (args.length === 0) return
  throw new HarnessError('USAGE', {
    subject: args[0] ?? '',
    reason: 'the daemon is run by systemd, with what its unit says',
    hint: `Run \`harness daemon install ${args.join(' ')}\`.`,
  })
}

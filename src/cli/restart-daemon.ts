import {HarnessError, isHarnessError} from '../core/base/errors.js'
import {ensurePrivateDirectory} from '../core/base/private-files.js'
import {stateDirectory, statePaths} from '../core/base/state-directory.js'
import type {Client} from '../core/client/client.js'
import {requireFreeAddress} from '../core/daemon/require-free-address.js'
import {readPrivateFile} from '../core/transport/read-private-file.js'
import {argumentsOfRunning, daemonArguments, endsWhenIdle, listenFlagsIn} from './daemon-arguments.js'
import {parseListen, type ListenFlags} from './parse-listen.js'
import {stopDaemon} from './stop-daemon.js'
import {isOfUnit} from './systemd/user-manager.js'
import {openDaemon, type Host} from './with-daemon.js'

/** How a daemon runs. */
interface Manner {
  readonly stays: boolean
  readonly args: readonly string[]
}

/**
 * Ends the daemon that runs and starts one that listens where it did, or where the flags say; that of systemd is started by systemd.
 * `stays`: also when the one that runs would end by itself. It goes on when it can be seen that no new one could start, and is started again
 * as it was when the new one fails all the same.
 */
export async function restartDaemon(
  host: Host,
  flags: ListenFlags,
  {stays = false}: {readonly stays?: boolean} = {},
): Promise<Client> {
  const asked = daemonArguments(flags)
  const former: {manner?: Manner; isOfUnit: boolean} = {isOfUnit: false}
  const next = (): Manner => ({
    stays: stays || (former.manner?.stays ?? true),
    args: flags.listen === undefined ? (former.manner?.args ?? asked) : asked,
  })
  await stopDaemon(host, {
    stopServices: false,
    async beforeEnd(pid) {
      former.isOfUnit = isOfUnit(pid)
      if (former.isOfUnit) refuseArguments(asked)
      former.manner = {stays: !endsWhenIdle(pid), args: argumentsOfRunning(pid)}
      await requireStartable(next(), pid)
    },
  })
  if (former.isOfUnit) {
    const {startUnit} = await import('./systemd/start-unit.js')
    return startUnit(host)
  }
  return openDaemon(host, {...next(), quietly: true}).catch(async (error: unknown) => {
    throw former.manner && isHarnessError(error) ? await broughtBack(host, error, [next(), former.manner]) : error
  })
}

function refuseArguments(args: readonly string[]): void {
  if (args.length === 0) return
  throw new HarnessError('USAGE', {
    subject: args[0] ?? '',
    reason: 'the daemon is run by systemd, with what its unit says',
    hint: `Run \`harness daemon install ${args.join(' ')}\`.`,
  })
}

/** What would keep a new daemon from starting, as far as that can be known while the old one runs. */
async function requireStartable({args}: Manner, oldPid: number): Promise<void> {
  try {
    const {directory, token, certificate, key} = statePaths(stateDirectory())
    await ensurePrivateDirectory(directory)
    for (const file of [token, certificate, key]) await readPrivateFile(file)
    await requireFreeAddress(parseListen(listenFlagsIn(args)), oldPid)
  } catch (error) {
    throw isHarnessError(error) ? withHint(error, `The daemon that runs (pid ${oldPid}) goes on as it was.`) : error
  }
}

/** What the new daemon failed with, and what has become of the old one. */
async function broughtBack(
  host: Host,
  error: HarnessError,
  [failed, old]: readonly [Manner, Manner],
): Promise<unknown> {
  const again = isSame(failed, old) ? undefined : await openDaemon(host, {...old, quietly: true}).catch(() => undefined)
  if (again !== undefined) {
    const {pid} = again.hello.daemon
    await again[Symbol.asyncDispose]()
    return withHint(error, `A daemon like the one before was started instead (pid ${pid}). Services have gone on.`)
  }
  const command = ['harness daemon start', ...old.args.filter((word) => word !== '--stop-services-on-exit')].join(' ')
  return withHint(error, `No daemon runs now; services go on. One like that before is started with \`${command}\`.`)
}

function isSame(one: Manner, other: Manner): boolean {
  return one.args.join('\0') === other.args.join('\0')
}

function withHint(error: HarnessError, more: string): HarnessError {
  const {code, subject, reason, hint, details} = error
  return new HarnessError(code, {
    subject,
    hint: [hint, more].join('\n'),
    cause: error,
    ...(reason !== undefined && {reason}),
    ...(details !== undefined && {details}),
  })
}

import {systemClock} from '../core/base/clock.js'
import {HarnessError, isHarnessError} from '../core/base/errors.js'
import {ensurePrivateDirectory} from '../core/base/private-files.js'
import {stateDirectory, statePaths} from '../core/base/state-directory.js'
import {readArguments, readStat} from '../core/process/platform.js'
import {lockHolder} from '../core/store/lock-holder.js'
import {withRunningDaemon, type Host} from './with-daemon.js'

const patienceMs = 60_000

interface StopWish {
  /** `undefined`: as the daemon was told when it was started. */
  readonly stopServices: boolean | undefined
  /** Hears who it is before it ends. It goes on when this fails, and the command ends with that. */
  readonly beforeEnd?: (pid: number) => Promise<void>
}

/**
 * Asks the daemon to end and waits until its process is gone. Answers its pid; `undefined` when none ran. One that speaks another version
 * of the protocol, or to which this user has no token any more, is asked by a signal, which every daemon understands.
 */
export async function stopDaemon(given: Host, wish: StopWish): Promise<number | undefined> {
  const host = {...given, isEndingIt: true}
  if (host.remote !== undefined) return stopElsewhere(host, wish)
  const pid = await askToEnd(host, wish)
  if (pid === undefined) return undefined
  const giveUpAt = systemClock.monotonic() + patienceMs
  while (isAlive(pid)) {
    if (systemClock.monotonic() > giveUpAt) {
      throw new HarnessError('INTERNAL', {
        subject: `daemon ${pid}`,
        reason: `it did not end within ${patienceMs / 1000} s`,
      })
    }
    await systemClock.sleep(20)
  }
  return pid
}

/** Its process cannot be seen from here, but its goodbye can. */
async function stopElsewhere(host: Host, {stopServices}: StopWish): Promise<number | undefined> {
  return withRunningDaemon(host, async (client) => {
    await client.call('daemon.shutdown', howOf(stopServices))
    await client.closed
    return client.hello.daemon.pid
  })
}

async function askToEnd(host: Host, wish: StopWish): Promise<number | undefined> {
  try {
    return await withRunningDaemon(host, async (client) => {
      const {pid} = client.hello.daemon
      await wish.beforeEnd?.(pid)
      await client.call('daemon.shutdown', howOf(wish.stopServices))
      return pid
    })
  } catch (error) {
    if (isHarnessError(error) && deaf.has(error.code)) return endBySignal(error, wish)
    throw error
  }
}

/** It is there, and does not listen to us. */
const deaf: ReadonlySet<string> = new Set(['UNAUTHORIZED', 'VERSION_MISMATCH'])

function howOf(stopServices: boolean | undefined): {readonly stopServices?: boolean} {
  return stopServices === undefined ? {} : {stopServices}
}

/** SIGTERM leaves the services running, but for a daemon that was told otherwise when it was started. */
async function endBySignal(problem: HarnessError, {stopServices, beforeEnd}: StopWish): Promise<number> {
  // A directory of somebody else may name any process as its daemon.
  await ensurePrivateDirectory(stateDirectory())
  const owner = await lockHolder(statePaths(stateDirectory()))
  if (owner === undefined) throw problem
  const {pid} = owner
  if (stopServices) {
    throw new HarnessError(problem.code, {
      subject: problem.subject,
      reason: `${problem.reason ?? ''}; it can be ended, but not be asked to stop services`,
      hint: 'Run `harness daemon restart` first, which keeps the services, then `harness daemon stop --stop-services`.',
    })
  }
  if (stopServices === false && readArguments(pid).includes('--stop-services-on-exit')) {
    throw new HarnessError(problem.code, {
      subject: problem.subject,
      reason: `${problem.reason ?? ''}; it was started with --stop-services-on-exit, so that its end stops them`,
      hint: `End it with \`kill ${pid}\` when that is what you want.`,
    })
  }
  await beforeEnd?.(pid)
  process.kill(pid, 'SIGTERM')
  return pid
}

function isAlive(pid: number): boolean {
  return !/^[ZX]?$/.test(readStat(pid)?.state ?? '')
}

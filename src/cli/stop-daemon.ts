import {systemClock} from '../core/base/clock.js'
import {HarnessError} from '../core/base/errors.js'
import {withRunningDaemon, type Host} from './with-daemon.js'

const patienceMs = 60_000

/** Asks the daemon to end and waits until its process is gone. Answers its pid; `undefined` when none ran. */
export async function stopDaemon(host: Host, options: {readonly stopServices: boolean}): Promise<number | undefined> {
  const pid = await withRunningDaemon(host, async (client) => {
    await client.call('daemon.shutdown', options)
    return client.hello.daemon.pid
  })
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

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

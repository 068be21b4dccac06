import {systemClock} from '../core/base/clock.js'
import {isHarnessError} from '../core/base/errors.js'
import {waitForDaemon, type Host} from './with-daemon.js'

interface Settled {
  readonly kind: 'settled'
  readonly timeoutMs?: number
}

/** A daemon that a start kills again and again must not be brought back for ever. */
const mostLost = 3
/** Whoever has ended the daemon may be about to start the next one: so long it has precedence. */
const precedenceMs = 3000

/** Follows a start also over the end of its daemon: the next one has it in its journal, and asked for again it is followed on. */
export async function overDaemons(
  host: Host,
  mode: Settled,
  attempt: (mode: Settled) => Promise<number>,
): Promise<number> {
  const began = systemClock.monotonic()
  for (let lost = 0; ; lost += 1) {
    try {
      return await attempt(withRest(mode, systemClock.monotonic() - began))
    } catch (error) {
      if (!isHarnessError(error) || error.code !== 'CONNECTION_LOST' || lost >= mostLost) throw error
    }
    host.terminal.warn('The daemon has ended meanwhile. The start is followed with the next one.')
    await giveWay(host)
  }
}

function withRest(mode: Settled, elapsedMs: number): Settled {
  return mode.timeoutMs === undefined ? mode : {...mode, timeoutMs: Math.max(1, mode.timeoutMs - elapsedMs)}
}

async function giveWay(host: Host): Promise<void> {
  const client = await waitForDaemon(host, AbortSignal.timeout(precedenceMs)).catch(() => undefined)
  await client?.[Symbol.asyncDispose]()
}

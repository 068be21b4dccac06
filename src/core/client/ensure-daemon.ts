import {HarnessError, isHarnessError} from '../base/errors.js'
import type {Client} from './client.js'
import {tryConnect, type ConnectOptions} from './connect.js'
import {launch, type Launched, type LaunchOptions} from './launch.js'

export interface EnsureOptions extends Omit<ConnectOptions, 'fingerprint' | 'token' | 'url'>, LaunchOptions {
  /** Called when a daemon that was launched here answers. */
  readonly onLaunch?: (pid: number) => void
}

const patienceMs = 15_000
const firstPollMs = 10
const slowestPollMs = 100
/** After losing a race: how long the winner has to answer before another daemon is launched. It may have been one on its way out. */
const winnerMs = 2000

/** Connects to the daemon of the state directory, and launches one when none answers. Of two callers at once, both end with the same daemon. */
export async function ensureDaemon(options: EnsureOptions): Promise<Client> {
  const {clock} = options
  const giveUpAt = clock.monotonic() + patienceMs
  let launching: Launching = {launched: undefined, again: 0}
  for (let pause = firstPollMs; ; pause = Math.min(pause * 1.5, slowestPollMs)) {
    // Whether it has ended is read before the attempt: what answers after that is the daemon of somebody else.
    const ended = launching.launched?.ended()
    const client = await attempt(options)
    if (client) {
      if (launching.launched && ended === undefined) options.onLaunch?.(client.hello.daemon.pid)
      return client
    }
    if (clock.monotonic() > giveUpAt) {
      throw await startFailed(options, launching.launched, `it did not answer within ${patienceMs / 1000} s`)
    }
    launching = await proceed(launching, ended, options)
    await clock.sleep(pause, options.signal)
  }
}

interface Launching {
  readonly launched: Launched | undefined
  /** When the next launch may be, by the monotonic clock. */
  readonly again: number
}

async function proceed(launching: Launching, ended: string | undefined, options: EnsureOptions): Promise<Launching> {
  const now = options.clock.monotonic()
  if (ended === 'lost') return {launched: undefined, again: now + winnerMs}
  if (ended !== undefined) throw await startFailed(options, launching.launched, ended)
  if (launching.launched || now < launching.again) return launching
  return {launched: await launch(options), again: 0}
}

/** A daemon that lets go of us while it says hello is one on its way out. */
async function attempt(options: EnsureOptions): Promise<Client | undefined> {
  try {
    return await tryConnect(options)
  } catch (error) {
    if (isHarnessError(error) && error.code === 'CONNECTION_LOST') return undefined
    throw error
  }
}

async function startFailed(
  options: EnsureOptions,
  launched: Launched | undefined,
  reason: string,
): Promise<HarnessError> {
  const lastLines = (await launched?.lastLines()) ?? []
  return new HarnessError('DAEMON_START_FAILED', {
    subject: options.stateDirectory,
    reason: [reason, ...lastLines].join('\n'),
    details: {lastLines},
  })
}

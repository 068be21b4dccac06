import {HarnessError, isHarnessError} from '../base/errors.js'
import type {Client} from './client.js'
import {tryConnect, type ConnectOptions} from './connect.js'
import {launch, type Launched, type LaunchOptions} from './launch.js'
import {silentOwner, unanswered} from './silent-owner.js'

export interface EnsureOptions extends Omit<ConnectOptions, 'fingerprint' | 'token' | 'url'>, LaunchOptions {
  /** Called when a daemon that was launched here answers. */
  readonly onLaunch?: (pid: number) => void
}

/** Longer than plugins that do not come to an end can hold a daemon up, see `collectPlugins`. */
const patienceMs = 25_000
const firstPollMs = 10
const slowestPollMs = 100
/** How long until whoever owns the state directory is looked at again: what was killed just now is gone a moment later. */
const lookMs = 100

/**
 * Connects to the daemon of the state directory, and launches one when none answers. Of two callers at once, both end with the same daemon.
 * Why one cannot start is its own error, or DAEMON_START_FAILED with its last lines. A living process that owns the state directory and does not answer is DAEMON_UNREACHABLE.
 */
export async function ensureDaemon(options: EnsureOptions): Promise<Client> {
  const {clock} = options
  const began = clock.monotonic()
  let launching: Launching = {launched: undefined, began, again: 0}
  for (let pause = firstPollMs; ; pause = Math.min(pause * 1.5, slowestPollMs)) {
    // Whether it has ended is read before the attempt: what answers after that is the daemon of somebody else.
    const ended = launching.launched?.ended()
    const client = await attempt(options)
    if (client) {
      if (launching.launched && ended === undefined) options.onLaunch?.(client.hello.daemon.pid)
      return client
    }
    if (clock.monotonic() > began + patienceMs) throw await gaveUp(options, launching)
    launching = await proceed(launching, ended, options)
    await clock.sleep(pause, options.signal)
  }
}

interface Launching {
  readonly launched: Launched | undefined
  /** When asking began, by the monotonic clock. */
  readonly began: number
  /** When the next launch may be, by the same: until then whoever owns the state directory may answer, or be gone. */
  readonly again: number
}

async function proceed(launching: Launching, ended: string | undefined, options: EnsureOptions): Promise<Launching> {
  const {began, launched} = launching
  const now = options.clock.monotonic()
  if (ended === 'lost') return {launched: undefined, began, again: now + lookMs}
  if (ended !== undefined) throw await startFailed(options, launched, ended)
  if (launched || now < launching.again) return launching
  if (await silentOwner(options, began)) return {launched: undefined, began, again: now + lookMs}
  return {launched: await launch(options), began, again: 0}
}

async function gaveUp(options: EnsureOptions, {launched, began}: Launching): Promise<HarnessError> {
  const owner = launched ? undefined : await silentOwner(options, began)
  if (owner) return await unanswered(options.stateDirectory, owner)
  return startFailed(options, launched, `it did not answer within ${patienceMs / 1000} s`)
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
  const own = launched?.failure()
  if (own !== undefined) return own
  const lastLines = (await launched?.lastLines()) ?? []
  return new HarnessError('DAEMON_START_FAILED', {
    subject: options.stateDirectory,
    reason: [reason, ...lastLines].join('\n'),
    details: {lastLines},
  })
}

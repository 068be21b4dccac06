import type {Clock} from '../base/clock.js'
import {HarnessError} from '../base/errors.js'
import {statePaths} from '../base/state-directory.js'
import {readStat} from '../process/platform.js'
import {lockHolder} from '../store/lock-holder.js'
import type {Owner} from '../store/owner.js'
import {savedToken} from './saved-token.js'

/** How long a daemon that owns the state directory may take to answer, in milliseconds: it may be on its way out, which is soon over. */
const answerMs = 2000
/** After its start it may take this long, in milliseconds. */
const startMs = 10_000

/**
 * The process that owns the state directory while no daemon answers there. Raises DAEMON_UNREACHABLE with its pid when it should have
 * answered by now. `since`: when asking began, by the monotonic clock.
 */
export async function silentOwner(
  {stateDirectory, clock}: {readonly stateDirectory: string; readonly clock: Clock},
  since: number,
): Promise<Owner | undefined> {
  const owner = await lockHolder(statePaths(stateDirectory))
  if (owner === undefined) return undefined
  const isStarting = clock.now() - Date.parse(owner.startedAt) < startMs
  if (!isStarting && clock.monotonic() - since >= answerMs) throw await unanswered(stateDirectory, owner)
  return owner
}

/** No daemon answers, and somebody owns the state directory. */
export async function unanswered(stateDirectory: string, {pid, startedAt}: Owner): Promise<HarnessError> {
  if ((await savedToken(stateDirectory)) === undefined) {
    return new HarnessError('UNAUTHORIZED', {
      subject: stateDirectory,
      reason: `process ${pid} runs there, and its token is lost: ${statePaths(stateDirectory).token} is gone, or holds no 64 hexadecimal digits`,
      hint: 'Run `harness daemon restart`: a new one is made, and services keep running.',
    })
  }
  return new HarnessError('DAEMON_UNREACHABLE', {
    subject: stateDirectory,
    reason: `process ${pid} has owned it since ${startedAt} and ${isPaused(pid) ? 'is paused' : 'does not answer'}`,
    hint: isPaused(pid)
      ? `Let it go on with \`kill -CONT ${pid}\`, or end it with \`kill -KILL ${pid}\`: ${afterwards}`
      : `See \`harness daemon logs\`. When it stays silent, end it with \`kill -KILL ${pid}\`: ${afterwards}`,
    details: {pid, startedAt},
  })
}

const afterwards = 'services survive that, and the next command starts a new daemon.'

/** By SIGSTOP, Ctrl-Z or a debugger. */
function isPaused(pid: number): boolean {
  return /^[Tt]$/.test(readStat(pid)?.state ?? '')
}

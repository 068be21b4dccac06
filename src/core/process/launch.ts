import {setImmediate as nextTurn} from 'node:timers/promises'
import {abortReason} from '../base/clock.js'
import {HarnessError, messageOf} from '../base/errors.js'
import {failpoint} from '../base/failpoint.js'
import {abandon} from './abandon.js'
import {awaitRecord} from './await-record.js'
import {whyNotLaunchable} from './check-launch.js'
import {commandFile, type Launch} from './command-file.js'
import {findRun, type Attempt} from './find-run.js'
import type {ProcessHost} from './host.js'
import type {ShimOrder} from './launcher.js'
import {createRunDirectory, readExit, readRun, type RunRecord} from './run-directory.js'

export interface LaunchRequest extends Attempt {
  /** With the cookie in its environment. */
  readonly launch: Launch
  readonly capture: ShimOrder['capture']
}

const startMs = 10_000

/** Starts a program under a shim. When it rejects nothing of the attempt runs, nor ever will. */
export async function launch(request: LaunchRequest, host: ProcessHost, signal: AbortSignal): Promise<RunRecord> {
  const refusal = whyNotLaunchable(request.launch)
  if (refusal !== undefined) throw cannotStart(request, refusal)
  await host.preparing.run(async () => {
    await nextTurn()
    if (signal.aborted) throw abortReason(signal)
    prepare(request, host)
  })
  try {
    const record = await order(request, host, signal)
    if (record) return record
  } catch (error) {
    await abandon(request, host)
    throw error
  }
  const late = await findRun(request, host)
  if (late) return late
  throw cannotStart(request, 'the launching shell did not get to it; the machine may be overloaded or out of processes')
}

function prepare(request: LaunchRequest, host: ProcessHost): void {
  try {
    createRunDirectory(request.paths, commandFile(request.launch, host.tools()), request.capture.startsWith('merge'))
  } catch (error) {
    throw cannotStart(request, `its run directory could not be made: ${messageOf(error)}`, error)
  }
}

async function order(request: LaunchRequest, host: ProcessHost, signal: AbortSignal): Promise<RunRecord | undefined> {
  const {paths, capture} = request
  const {graceMs} = request.launch
  let failure: HarnessError | undefined
  const look = (): RunRecord | 'never' | undefined => {
    const found = readRun(paths) ?? (readExit(paths) ? 'never' : undefined)
    if (!found && failure) throw failure
    return found
  }
  const record = awaitRecord(look, {file: paths.run, clock: host.clock, ms: startMs, signal})
  record.catch(() => undefined)
  using _order = await host.launcher().submit({directory: paths.directory, capture, graceMs}, (reason) => {
    failure = cannotStart(request, reason)
  })
  failpoint('after-spawn')
  const found = await record
  if (found === 'never') throw cannotStart(request, 'its output files could not be opened; the disk may be full')
  return found
}

function cannotStart(request: LaunchRequest, reason: string, cause?: unknown): HarnessError {
  return new HarnessError('SERVICE_START_FAILED', {
    subject: request.service,
    reason,
    hint: 'Correct its target in the stack file, then start it again.',
    cause,
  })
}

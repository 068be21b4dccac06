import {HarnessError} from '../../../base/errors.js'
import type {StartContext, StartRequest} from '../../../contract/executor.js'
import type {ExecResult, WorkloadHandle} from '../../../contract/workload.js'
import {bootId} from '../../../process/platform.js'
import {removeRun} from '../../../process/set-aside.js'
import {runPaths} from '../../../process/run-directory.js'
import {serviceEnvironment} from '../../process/environment.js'
import {isBeforeProgram, statusOfUnit} from '../end-record.js'
import {describeExit} from '../../../process/describe-exit.js'
import {isRefused, isSuccess, wordsOf, type Manager} from '../manager.js'
import {isUp, type UnitState} from '../parse-units.js'
import type {Shared} from '../shared.js'
import type {SystemdState} from '../state.js'
import {monotonicTime} from './monotonic-time.js'
import {existingHandle, type Ownership} from './handle.js'
import {writeMark, type Mark} from './mark.js'

/** Takes over a unit that runs, or starts it. When it rejects, what harness has started of it runs no more. */
export async function startExisting(
  request: StartRequest,
  state: SystemdState,
  {
    context,
    shared,
    ownership,
  }: {readonly context: StartContext; readonly shared: Shared; readonly ownership: Ownership},
): Promise<WorkloadHandle<SystemdState>> {
  const manager = shared.managers[state.scope]
  const before = await manager.showOne(state.unit, context.signal)
  requireStartable(before, request.service, state)
  const runs = isUp(before)
  if (ownership === 'attached' && !runs) throw notUp(request.service, state)
  const mark: Mark = {
    boot: bootId(),
    manager: await manager.since(context.signal),
    before: before.invocation,
    from:
      runs && before.activeSince > 0 ? monotonicTime(before.activeSince, shared.host.clock) : shared.host.clock.now(),
    began: runs,
    takenOver: runs,
    cwd: request.directory,
    env: serviceEnvironment(request, request.directory),
  }
  await writeMark(state.runDirectory, mark)
  if (runs) {
    if (ownership === 'managed') context.progress(`unit '${state.unit}' runs already; it is taken over`)
  } else {
    await startUnit(request, state, {manager, signal: context.signal, before})
    await writeMark(state.runDirectory, {...mark, began: true})
  }
  const found = await manager.showOne(state.unit, context.signal)
  return await existingHandle({id: request.id, state, mark, found, fresh: true, ownership}, shared)
}

async function startUnit(
  request: StartRequest,
  state: SystemdState,
  {manager, signal, before}: {readonly manager: Manager; readonly signal: AbortSignal; readonly before: UnitState},
): Promise<void> {
  try {
    const result = await manager.start(state.unit, signal)
    if (isSuccess(result)) return
    const found = await manager.showOne(state.unit)
    if (found.invocation !== before.invocation && hasBegun(found)) return
    throw notStarted(request.service, result, {found, state})
  } catch (error) {
    // Its own settings may have it started again and again.
    await manager.stop(state.unit, {wait: true}).catch(() => undefined)
    await removeRun(runPaths(state.runDirectory))
    throw error
  }
}

/** Its program was executed and ended at once: how is to be told as of any other end. */
function hasBegun({exitKind, exitValue}: UnitState): boolean {
  return exitKind === 1 ? !isBeforeProgram(exitValue) : exitKind !== 0
}

function notStarted(
  subject: string,
  result: ExecResult,
  {found, state}: {readonly found: UnitState; readonly state: SystemdState},
): HarnessError {
  const {unit, scope} = state
  if (isRefused(result)) {
    return new HarnessError('SERVICE_START_FAILED', {
      subject,
      reason: `the ${scope} manager of systemd does not let this user start '${unit}': ${wordsOf(result)}`,
      hint: "Run harness as a user who may, or give the right in polkit. Units of the user's own have `scope: user`.",
    })
  }
  const status = statusOfUnit(found)
  const how = status && status.by !== 'lost' ? ` (${describeExit(status)})` : ''
  return new HarnessError('SERVICE_START_FAILED', {
    subject,
    reason: `systemd could not start '${unit}': ${wordsOf(result)}${how}`,
    hint: `See \`systemctl${flagOf(state)} status ${unit}\` and \`journalctl${flagOf(state)} --unit=${unit}\`.`,
  })
}

/** What keeps a unit from being started at all, each with the way out. */
function requireStartable({load, loadError}: UnitState, subject: string, state: SystemdState): void {
  const {unit, scope} = state
  if (load === 'loaded') return
  if (load === 'not-found') {
    const other = scope === 'user' ? 'system' : 'user'
    throw new HarnessError('SERVICE_START_FAILED', {
      subject,
      reason: `the ${scope} manager of systemd knows no unit '${unit}'`,
      hint: `See \`systemctl${flagOf(state)} list-unit-files\`. If it is one of the other manager, say \`scope: ${other}\`.`,
    })
  }
  if (load === 'masked') {
    const hint = `Run \`systemctl${flagOf(state)} unmask ${unit}\`.`
    throw new HarnessError('SERVICE_START_FAILED', {
      subject,
      reason: `unit '${unit}' is masked: nobody may start it`,
      hint,
    })
  }
  throw new HarnessError('SERVICE_START_FAILED', {
    subject,
    reason: `systemd cannot read unit '${unit}': ${loadError.replace(/^\S+ /, '').replace(/^"|"$/g, '') || load}`,
    hint: `See \`systemctl${flagOf(state)} status ${unit}\`, correct its file, then run \`systemctl${flagOf(state)} daemon-reload\`.`,
  })
}

function notUp(subject: string, state: SystemdState): HarnessError {
  return new HarnessError('SERVICE_START_FAILED', {
    subject,
    reason: `unit '${state.unit}' does not run`,
    hint: `Run \`systemctl${flagOf(state)} start ${state.unit}\` first, or use \`type: systemd\`, which starts it.`,
  })
}

function flagOf({scope}: SystemdState): string {
  return scope === 'user' ? ' --user' : ''
}

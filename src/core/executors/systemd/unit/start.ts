import {HarnessError} from '../../../base/errors.js'
import type {StartContext, StartRequest} from '../../../contract/executor.js'
import type {ExecResult, WorkloadHandle} from '../../../contract/workload.js'
import {removeRun} from '../../../process/set-aside.js'
import {runPaths} from '../../../process/run-directory.js'
import {serviceEnvironment} from '../../process/environment.js'
import {clientEnvironment, insideOf} from '../../process/plan-client.js'
import {isBeforeProgram, statusOfUnit} from '../end-record.js'
import {describeExit} from '../../../process/describe-exit.js'
import {timeOfMonotonic, type Machine} from '../machine.js'
import {isRefused, isSuccess, wordsOf, type Manager} from '../manager.js'
import {isUp, type UnitState} from '../parse-units.js'
import {defaultScope, type Scope} from '../scope.js'
import type {Led, Shared} from '../shared.js'
import type {SystemdState} from '../state.js'
import {existingHandle, type Ownership} from './handle.js'
import {writeMark, type Mark} from './mark.js'
import {isAway, patiently, type Patience} from './patiently.js'

interface Around {
  readonly context: StartContext
  readonly shared: Shared
  readonly ownership: Ownership
}

/** Takes over a unit that runs, or starts it. When it rejects, what harness has started of it runs no more. */
export async function startExisting(
  request: StartRequest<{readonly scope?: Scope}>,
  intended: SystemdState,
  {context, shared, ownership}: Around,
): Promise<WorkloadHandle<SystemdState>> {
  const {signal} = context
  const {clock} = shared.host
  const led = ledBy(request, shared)
  const machine = shared.machineOf(led)
  const state = await withScope(request, intended, {machine, signal})
  const at = {unit: state.unit, scope: state.scope, ...(machine.place !== undefined && {place: machine.place})}
  const manager = machine.managers[state.scope]
  const before = await manager.showOne(state.unit, signal)
  requireStartable(before, request.service, at)
  const runs = isUp(before)
  if (ownership === 'attached' && !runs) throw notUp(request.service, at)
  const since = await manager.since(signal)
  const facts = await machine.facts(signal)
  const mark: Mark = {
    boot: facts.boot,
    manager: since,
    before: before.invocation,
    from: runs && before.activeSince > 0 ? timeOfMonotonic(before.activeSince, facts, facts.now) : facts.now,
    began: runs,
    takenOver: runs,
    ...(machine.place !== undefined && {uid: facts.uid, scope: state.scope}),
    cwd: request.directory,
    ...led,
  }
  await writeMark(state.runDirectory, mark)
  const starting = {machine, manager, clock, signal, before}
  try {
    if (!runs) {
      await startUnit(request.service, at, starting)
      await writeMark(state.runDirectory, {...mark, began: true})
    } else if (ownership === 'managed') {
      context.progress(`unit '${state.unit}' runs already; it is taken over`)
    }
    const found = await patiently(() => manager.showOne(state.unit, signal), starting)
    return await existingHandle({id: request.id, state, mark, machine, facts, found, fresh: true, ownership}, shared)
  } catch (error) {
    // Also one that could not be started: its own settings may have it started again and again.
    const stop = (): Promise<ExecResult> => manager.stop(state.unit, {wait: true})
    if (!runs) await patiently(stop, starting).catch(() => undefined)
    await removeRun(runPaths(state.runDirectory))
    throw error
  }
}

function ledBy(request: StartRequest, {services}: Shared): Led {
  const {directory, layers = []} = request
  if (layers.length === 0) return {env: serviceEnvironment(request, directory)}
  return {inside: insideOf({...request, spec: {}}, services), env: clientEnvironment(request, directory)}
}

/** Root's default is the machine's manager; who is root on another machine only that one knows. */
async function withScope(
  {spec}: StartRequest<{readonly scope?: Scope}>,
  state: SystemdState,
  {machine, signal}: {readonly machine: Machine; readonly signal: AbortSignal},
): Promise<SystemdState> {
  if (machine.place === undefined || spec.scope !== undefined) return state
  const {uid} = await machine.facts(signal)
  return {...state, scope: defaultScope(uid)}
}

interface Starting extends Patience {
  readonly manager: Manager
  readonly before: UnitState
}

async function startUnit(service: string, at: At, starting: Starting): Promise<void> {
  const {manager, before} = starting
  const result = await startOnce(at.unit, starting)
  if (result === undefined || isSuccess(result)) return
  const found = await manager.showOne(at.unit)
  if (found.invocation !== before.invocation && hasBegun(found)) return
  throw notStarted(service, result, {found, at})
}

/** Where the way to its machine is cut meanwhile, it may have been started: it is looked at before it is asked for again. `undefined`: it has run. */
async function startOnce(
  unit: string,
  {manager, machine, clock, signal, before}: Starting,
): Promise<ExecResult | undefined> {
  try {
    return await manager.start(unit, signal)
  } catch (error) {
    if (!isAway(error, machine) || signal.aborted) throw error
  }
  const found = await patiently(() => manager.showOne(unit, signal), {machine, clock, signal})
  if (!isUp(found) && found.invocation !== '' && found.invocation !== before.invocation) return undefined
  return await manager.start(unit, signal)
}

/** Its program was executed and ended at once: how is to be told as of any other end. */
function hasBegun({exitKind, exitValue}: UnitState): boolean {
  return exitKind === 1 ? !isBeforeProgram(exitValue) : exitKind !== 0
}

function notStarted(
  subject: string,
  result: ExecResult,
  {found, at}: {readonly found: UnitState; readonly at: At},
): HarnessError {
  const {unit, scope} = at
  if (isRefused(result)) {
    return failed(at, {
      subject,
      reason: `the ${scope} manager of systemd does not let this user start '${unit}': ${wordsOf(result)}`,
      hint: "Run harness as a user who may, or give the right in polkit. Units of the user's own have `scope: user`.",
    })
  }
  const status = statusOfUnit(found)
  const how = status && status.by !== 'lost' ? ` (${describeExit(status)})` : ''
  return failed(at, {
    subject,
    reason: `systemd could not start '${unit}': ${wordsOf(result)}${how}`,
    hint: `See \`systemctl${flagOf(at)} status ${unit}\` and \`journalctl${flagOf(at)} --unit=${unit}\`.`,
  })
}

/** What keeps a unit from being started at all, each with the way out. */
function requireStartable({load, loadError}: UnitState, subject: string, at: At): void {
  const {unit, scope} = at
  if (load === 'loaded') return
  if (load === 'not-found') {
    const other = scope === 'user' ? 'system' : 'user'
    throw failed(at, {
      subject,
      reason: `the ${scope} manager of systemd knows no unit '${unit}'`,
      hint: `See \`systemctl${flagOf(at)} list-unit-files\`. If it is one of the other manager, say \`scope: ${other}\`.`,
    })
  }
  if (load === 'masked') {
    const hint = `Run \`systemctl${flagOf(at)} unmask ${unit}\`.`
    throw failed(at, {
      subject,
      reason: `unit '${unit}' is masked: nobody may start it`,
      hint,
    })
  }
  throw failed(at, {
    subject,
    reason: `systemd cannot read unit '${unit}': ${loadError.replace(/^\S+ /, '').replace(/^"|"$/g, '') || load}`,
    hint: `See \`systemctl${flagOf(at)} status ${unit}\`, correct its file, then run \`systemctl${flagOf(at)} daemon-reload\`.`,
  })
}

function notUp(subject: string, at: At): HarnessError {
  return failed(at, {
    subject,
    reason: `unit '${at.unit}' does not run`,
    hint: `Run \`systemctl${flagOf(at)} start ${at.unit}\` first, or use \`type: systemd\`, which starts it.`,
  })
}

function flagOf({scope}: At): string {
  return scope === 'user' ? ' --user' : ''
}

interface At {
  readonly unit: string
  readonly scope: Scope
  /** What leads to its machine. Missing: it is this one. */
  readonly place?: string
}

function failed({place}: At, info: {subject: string; reason: string; hint: string}): HarnessError {
  const {subject, reason, hint} = info
  if (place === undefined) return new HarnessError('SERVICE_START_FAILED', info)
  return new HarnessError('SERVICE_START_FAILED', {
    subject,
    reason: `${reason} (by '${place}')`,
    hint: `On that machine: ${hint}`,
  })
}

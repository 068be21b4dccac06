import {writeFileSync} from 'node:fs'
import {abortReason} from '../../base/clock.js'
import {HarnessError, messageOf} from '../../base/errors.js'
import type {StartContext, StartRequest} from '../../contract/executor.js'
import type {ExecResult, WorkloadHandle} from '../../contract/workload.js'
import {whyNotLaunchable} from '../../process/check-launch.js'
import type {Launch} from '../../process/command-file.js'
import {createRunDirectory, runPaths, type RunPaths} from '../../process/run-directory.js'
import {planLaunch} from '../plan-launch.js'
import {abandonUnit} from './abandon.js'
import {awaitEndRecord} from './await-end-record.js'
import {isBeforeProgram, recordScript, type EndRecord} from './end-record.js'
import {environmentFile, fitInherited, requireFit} from './environment-file.js'
import {unitHandle} from './handle.js'
import {isRefused, isSuccess, wordsOf} from './manager.js'
import {runArguments, unitPaths} from './run-arguments.js'
import {writeUnitRun} from './run-record.js'
import type {Shared} from './shared.js'
import type {SystemdSpec} from './spec.js'
import {stateOf, type SystemdState} from './state.js'

/** Starts a program in a unit made for it. When it rejects nothing of the attempt runs, nor ever will. */
export async function startTransient(
  request: StartRequest<SystemdSpec & {readonly binary: string}>,
  {signal}: StartContext,
  shared: Shared,
): Promise<WorkloadHandle<SystemdState>> {
  const tools = shared.host.tools()
  const state = stateOf(request)
  const paths = runPaths(state.runDirectory)
  requireFit(request.env, request.service)
  const launch = planLaunch({...request, inheritedEnv: fitInherited(request.inheritedEnv)})
  const refusal = whyNotLaunchable(launch)
  if (refusal !== undefined) throw cannotStart(request, refusal)
  if (signal.aborted) throw abortReason(signal)
  prepare(request, {state, paths, launch})
  const manager = shared.managers[state.scope]
  const description = `harness: ${request.service} of ${request.stack}`
  try {
    const args = runArguments({
      ...{state, paths, launch, description, shell: tools.sh},
      properties: request.spec.properties ?? {},
    })
    const result = await manager.run(args, signal)
    const found = await manager.showOne(state.unit, signal)
    if (!isSuccess(result)) {
      const record = await awaitEndRecord(state.unit, paths, {manager, clock: shared.host.clock, signal})
      if (!record || !hasBegun(record)) throw cannotStart(request, whyNotStarted(result, record, {launch, state}))
    }
    const run = writeUnitRun(paths, found)
    return unitHandle({id: request.id, state, paths, run, launch, fresh: true}, shared)
  } catch (error) {
    await abandonUnit({id: request.id, state}, shared)
    throw error
  }
}

interface Prepared {
  readonly state: SystemdState
  readonly paths: RunPaths
  readonly launch: Launch
}

function prepare(request: StartRequest, {state, paths, launch}: Prepared): void {
  const {environment, record} = unitPaths(paths)
  try {
    createRunDirectory(paths, `#${JSON.stringify(launch)}\n`, state.merge ?? false)
    writeFileSync(environment, environmentFile(launch.env), {flag: 'wx', mode: 0o600})
    writeFileSync(record, recordScript, {flag: 'wx', mode: 0o600})
  } catch (error) {
    throw cannotStart(request, `its run directory could not be made: ${messageOf(error)}`, {cause: error})
  }
}

interface Why {
  readonly reason?: string
  readonly hint?: string
  readonly cause?: unknown
}

/** It was executed and ended at once, which systemd tells as a start that failed. */
function hasBegun({kind, value}: EndRecord): boolean {
  return kind === 'exited' ? !isBeforeProgram(Number(value)) : kind !== '-'
}

function whyNotStarted(
  result: ExecResult,
  record: EndRecord | undefined,
  {launch, state}: Pick<Prepared, 'launch' | 'state'>,
): string {
  if (isRefused(result)) {
    return `the ${state.scope} manager of systemd lets only others start units: ${wordsOf(result)}`
  }
  const step = record?.kind === 'exited' ? steps[record.value] : undefined
  if (step !== undefined) return `systemd could not ${step(launch)} (status ${record?.value ?? ''})`
  return `systemd refused it: ${wordsOf(result)}`
}

/** Exit codes of what systemd does on the way to the program. */
const steps: Readonly<Record<string, (launch: Launch) => string>> = {
  200: ({cwd}) => `enter the working directory '${cwd}'`,
  203: ({program}) =>
    `execute '${program}'; its interpreter or loader may be missing, or its format be that of another machine`,
  208: () => 'set up its standard input',
  209: () => 'open its log',
  216: () => 'take its group',
  217: () => 'take its user',
  219: () => 'make its control group',
  222: () => 'open its log',
  226: () => 'set up its namespaces',
}

function cannotStart(request: StartRequest, reason: string, {hint, cause}: Why = {}): HarnessError {
  return new HarnessError('SERVICE_START_FAILED', {
    subject: request.service,
    reason,
    hint: hint ?? 'Correct its target in the stack file, then start it again.',
    cause,
  })
}

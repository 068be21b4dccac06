import type {Clock} from '../base/clock.js'
import {isJsonObject} from '../base/json.js'
import type {ServiceState} from '../contract/service-state.js'
import {findInstances, type InstanceProcess} from '../process/find-instances.js'
import {isAlive} from '../process/identity.js'
import {bootId} from '../process/platform.js'
import {readRun, runPaths, type RunRecord} from '../process/run-directory.js'
import {createScanner} from '../process/scan.js'
import type {CensusAttempt, CensusMismatch, CensusStray, DaemonCensus} from '../protocol/methods.js'
import {isLive} from '../service/record.js'
import type {BelievedAttempt} from '../stack/believed-attempts.js'

interface CensusOptions {
  readonly stacks: {all(): readonly {readonly id: string; attempts(): readonly BelievedAttempt[]}[]}
  readonly runsDirectory: string
  readonly clock: Clock
}

const secondLookMs = 500

/** What is believed to run beside what /proc shows. Processes begin and end while it looks: only what is wrong twice is a mismatch. */
export async function takeCensus(options: CensusOptions): Promise<DaemonCensus> {
  const first = await look(options)
  if (first.mismatches.length === 0) return first
  await options.clock.sleep(secondLookMs)
  const second = await look(options)
  const before = new Set(first.mismatches.map(({message}) => message))
  return {...second, mismatches: second.mismatches.filter(({message}) => before.has(message))}
}

async function look({stacks, runsDirectory}: CensusOptions): Promise<DaemonCensus> {
  const found = await findInstances(await createScanner().scan(), runsDirectory)
  const attempts = stacks.all().flatMap((stack) => stack.attempts().map((attempt) => counted(stack.id, attempt)))
  const believed = new Set(attempts.map(({instance}) => instance))
  const strays = found.filter(({instance}) => !believed.has(instance))
  const missing = attempts.filter(isMissing)
  return {
    bootId: bootId(),
    attempts,
    strays: strays.map(asStray),
    mismatches: [...missing.map(missingOne), ...strays.map((stray) => strayOne(stray, attempts))],
  }
}

function counted(stack: string, {kind, name, state, desired, record, pid}: BelievedAttempt): CensusAttempt {
  const {executor, state: saved} = record.saved
  const runDirectory = isJsonObject(saved) ? saved['runDirectory'] : undefined
  const directory = typeof runDirectory === 'string' ? runDirectory : null
  const run = directory === null ? undefined : readRun(runPaths(directory))
  return {
    stack,
    kind,
    name,
    state,
    desired,
    attempt: record.attempt,
    instance: record.instance,
    executor,
    runDirectory: directory,
    pid: pid ?? null,
    ...placeOf(run),
    alive: run !== undefined && run.program.pid === pid && isAlive(run.program),
  }
}

/** What a task has to say of a process that has ended may take it a while. */
function isMissing({kind, executor, state, pid, alive}: CensusAttempt): boolean {
  return kind === 'service' && executor === 'process' && isLive(state as ServiceState) && pid !== null && !alive
}

function placeOf(run: RunRecord | undefined): Pick<CensusAttempt, 'bootId' | 'shimPid' | 'startTick'> {
  if (!run) return {shimPid: null, startTick: null, bootId: null}
  return {shimPid: run.shim.pid, startTick: run.program.startTick, bootId: run.program.boot}
}

function asStray({stat, instance, of}: InstanceProcess): CensusStray {
  return {pid: stat.pid, startTick: stat.startTick, instance, program: stat.name, of: of ?? null}
}

function missingOne({kind, name, pid, state}: CensusAttempt): CensusMismatch {
  return {
    kind: 'missing',
    pid: pid ?? 0,
    message: `${kind} '${name}' is ${state}, and its process ${pid ?? ''} is not there.`,
  }
}

function strayOne({stat, instance, of}: InstanceProcess, attempts: readonly CensusAttempt[]): CensusMismatch {
  const {pid} = stat
  const other = attempts.find(({stack, name, alive}) => alive && stack === of?.stack && name === of.name)
  if (of && other) {
    const message = `Process ${pid} is a second instance of '${of.name}' beside process ${other.pid ?? ''}.`
    return {kind: 'duplicate', pid, message}
  }
  const owner = of ? `of '${of.name}'` : `of instance ${instance}, whose run directory is gone`
  return {
    kind: 'stray',
    pid,
    message: `Process ${pid} is left over ${owner}, which the daemon does not believe to run.`,
  }
}

import {existsSync, renameSync} from 'node:fs'
import {readFile} from 'node:fs/promises'
import {systemCode} from '../../base/errors.js'
import type {SavedHandle, WorkloadHandle} from '../../contract/workload.js'
import {parseCommandFile} from '../../process/command-file.js'
import {isAlive} from '../../process/identity.js'
import {bootId} from '../../process/platform.js'
import {runPaths, type RunPaths} from '../../process/run-directory.js'
import {abandonUnit} from './abandon.js'
import {readEnd} from './end-record.js'
import {unitHandle} from './handle.js'
import type {Manager} from './manager.js'
import {isUp} from './parse-units.js'
import {unitPaths} from './run-arguments.js'
import {readUnitRun, writeUnitRun, type UnitRun} from './run-record.js'
import type {Shared} from './shared.js'
import type {SystemdState} from './state.js'

/** Finds a transient unit again by its name, which no other attempt has, and by what stands in its run directory. */
export async function recoverTransient(
  {id, state}: SavedHandle<SystemdState>,
  shared: Shared,
): Promise<WorkloadHandle<SystemdState> | undefined> {
  const paths = runPaths(state.runDirectory)
  const run = await findUnitRun(paths, state.unit, shared.managers[state.scope])
  if (!run) {
    await abandonUnit({id, state}, shared)
    return undefined
  }
  const launch = parseCommandFile(await readFile(paths.command, 'utf8'))
  return unitHandle({id, state, paths, run, launch, fresh: false}, shared)
}

/** Rejects when systemd does not answer and nothing on this machine tells. */
async function findUnitRun(paths: RunPaths, unit: string, manager: Manager): Promise<UnitRun | undefined> {
  const known = readUnitRun(paths)
  if (known && (known.boot !== bootId() || readEnd(paths) || isLive(known))) return known
  if (!existsSync(paths.command)) return undefined
  const state = await manager.showOne(unit)
  if (isUp(state)) return known ?? writeUnitRun(paths, state)
  if (known) return known
  if (readEnd(paths)) return endedUnseen()
  return await takeBack(paths, unit, manager)
}

/** One that began and ended unseen: its record tells the rest. */
function endedUnseen(): UnitRun {
  return {boot: bootId(), invocation: '', program: undefined}
}

function isLive({program}: UnitRun): boolean {
  return program !== undefined && isAlive(program)
}

/** Takes away what a unit cannot start without, and looks once more: what has begun by then goes on. */
async function takeBack(paths: RunPaths, unit: string, manager: Manager): Promise<UnitRun | undefined> {
  const {environment} = unitPaths(paths)
  const taken = `${environment}.taken`
  move(environment, taken)
  const state = await manager.showOne(unit)
  if (!isUp(state)) return readEnd(paths) ? endedUnseen() : undefined
  move(taken, environment)
  return writeUnitRun(paths, state)
}

function move(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error
  }
}

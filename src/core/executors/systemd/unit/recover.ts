import {rm} from 'node:fs/promises'
import type {SavedHandle, WorkloadHandle} from '../../../contract/workload.js'
import {bootId} from '../../../process/platform.js'
import {isUp, type UnitState} from '../parse-units.js'
import type {Shared} from '../shared.js'
import type {SystemdState} from '../state.js'
import {existingHandle, type Ownership} from './handle.js'
import {readMark, type Mark} from './mark.js'

/** Finds a unit again that was there before harness. There is one of it, whatever happens: none can be started twice. */
export async function recoverExisting(
  {id, state, executor}: SavedHandle<SystemdState>,
  shared: Shared,
  ownership: Ownership,
): Promise<WorkloadHandle<SystemdState> | undefined> {
  const mark = readMark(state.runDirectory)
  if (!mark) return undefined
  const found = await shared.managers[state.scope].showOne(state.unit)
  if (isUp(found) || mark.began || hasRun(found, mark)) {
    return await existingHandle({id, state, mark, found, fresh: false, ownership, kind: executor}, shared)
  }
  await rm(state.runDirectory, {recursive: true, force: true})
  return undefined
}

/** The daemon has not seen it come up, and it has ended since. */
function hasRun({invocation}: UnitState, mark: Mark): boolean {
  return mark.boot === bootId() && invocation !== '' && invocation !== mark.before
}

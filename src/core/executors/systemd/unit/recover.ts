import {rm} from 'node:fs/promises'
import type {SavedHandle, WorkloadHandle} from '../../../contract/workload.js'
import type {Facts} from '../machine.js'
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
  const machine = shared.machineOf(mark)
  const scope = mark.scope ?? state.scope
  const found = await machine.managers[scope].showOne(state.unit)
  const facts = await machine.facts()
  if (isUp(found) || mark.began || hasRun(found, mark, facts)) {
    return await existingHandle(
      {id, state, mark, machine, facts, found, fresh: false, ownership, kind: executor},
      shared,
    )
  }
  await rm(state.runDirectory, {recursive: true, force: true})
  return undefined
}

/** The daemon has not seen it come up, and it has ended since. */
function hasRun({invocation}: UnitState, mark: Mark, {boot}: Facts): boolean {
  return mark.boot === boot && invocation !== '' && invocation !== mark.before
}

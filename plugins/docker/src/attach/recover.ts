import {rm} from 'node:fs/promises'
import type {SavedHandle, WorkloadHandle} from '@service-harness/cli/plugin'
import {isMissing} from '../engine/problem.js'
import {exitFile} from '../exit-file.js'
import {heldEnd} from '../hold.js'
import {isAnother} from '../run-of.js'
import type {Shared} from '../shared.js'
import type {RunState} from '../state.js'
import {attachHandle} from './handle.js'
import {attachedFile} from './state.js'

/** The same run of the same container, going on or over; `undefined` when it was never attached. Rejects while the engine is away. */
export async function recoverAttached(
  saved: SavedHandle<RunState>,
  shared: Shared,
): Promise<WorkloadHandle<RunState> | undefined> {
  const {runDirectory} = saved.state
  const attached = await attachedFile.read(runDirectory)
  if (!attached) {
    await rm(runDirectory, {recursive: true, force: true})
    return undefined
  }
  const {id, startedAt} = attached
  const ended = await exitFile.read(runDirectory)
  if (ended) return await heldEnd(saved, ended, shared)
  const info = await inspect(id, shared)
  if (info && !isAnother(info, startedAt)) return await attachHandle({saved, info, fresh: false}, shared)
  const reason = info ? 'somebody else started its container anew' : 'somebody else removed the container'
  return await heldEnd(saved, {status: {by: 'lost', reason}, at: Date.now(), startedAt}, shared)
}

async function inspect(id: string, {engine}: Shared) {
  try {
    return await engine.ask((docker) => docker.getContainer(id).inspect())
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

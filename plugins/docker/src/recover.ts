import {rm} from 'node:fs/promises'
import {setTimeout as sleep} from 'node:timers/promises'
import type {SavedHandle, WorkloadHandle} from '@service-harness/cli/plugin'
import {wordsOf} from './engine/problem.js'
import {exitFile} from './exit-file.js'
import {endedHandle, openHandle} from './handle.js'
import {labels} from './labels.js'
import {remove} from './remove.js'
import type {Shared} from './shared.js'
import {startFile} from './start-file.js'
import {partsOf, type DockerState} from './state.js'

/** After a recovery that found nothing: so long from one look to the next for what comes late, in milliseconds. */
const latePauses = [1000, 4000, 15_000, 40_000] as const

/** Finds a container again by its label. Rejects while the engine is away. */
export async function recoverContainer(
  {id, state}: SavedHandle<DockerState>,
  shared: Shared,
): Promise<WorkloadHandle<DockerState> | undefined> {
  const ended = await exitFile.read(state.runDirectory)
  const info = await inspectBy(state.instance, shared)
  if (info && info.State.Status !== 'created' && !ended)
    return await openHandle({id, state, info, fresh: false}, shared)
  // One that was made and never started never will be; of one that has ended all is known.
  if (info) await remove(info.Id, partsOf(id).stack, shared)
  if (ended) return await endedHandle(id, state, {shared, ended})
  const startedAt = info ? undefined : await startFile.read(state.runDirectory)
  if (startedAt !== undefined) {
    const lost = {by: 'lost', reason: 'somebody else removed the container'} as const
    return await endedHandle(id, state, {shared, ended: {status: lost, at: Date.now(), startedAt}})
  }
  await rm(state.runDirectory, {recursive: true, force: true})
  if (!info) void removeLate(id, state, shared)
  return undefined
}

/** A daemon that was killed may have asked for a container that the engine is still about to make. Nobody will start it. */
async function removeLate(id: string, {instance}: DockerState, shared: Shared): Promise<void> {
  for (const pauseMs of latePauses) {
    await sleep(pauseMs, undefined, {ref: false})
    try {
      const info = await inspectBy(instance, shared)
      if (info?.State.Status === 'created') await remove(info.Id, partsOf(id).stack, shared)
      if (info) return
    } catch (error) {
      shared.services.log.debug('a container that may come late could not be looked for', {id, reason: wordsOf(error)})
    }
  }
}

async function inspectBy(instance: string, {engine}: Shared) {
  return await engine.ask(async (docker) => {
    const [found] = await docker.listContainers({all: true, filters: {label: [`${labels.instance}=${instance}`]}})
    return found && (await docker.getContainer(found.Id).inspect())
  })
}

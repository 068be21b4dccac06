import type Docker from 'dockerode'
import {isMissing, statusOf, wordsOf} from '../engine/problem.js'
import type {Leftover, Leftovers} from './find-leftovers.js'

const forbidden = 403
const conflict = 409

/** Removes them, containers with their volumes that have no name. Answers what was removed: somebody else may have come first. */
export async function removeLeftovers(docker: Docker, {containers, networks}: Leftovers): Promise<Leftovers> {
  const gone = await each(containers, ({id}) => docker.getContainer(id).remove({force: true, v: true}))
  return {containers: gone, networks: await each(networks, ({id}) => docker.getNetwork(id).remove())}
}

async function each(
  leftovers: readonly Leftover[],
  remove: (leftover: Leftover) => Promise<unknown>,
): Promise<readonly Leftover[]> {
  const removed: Leftover[] = []
  for (const leftover of leftovers) if (await tried(() => remove(leftover))) removed.push(leftover)
  return removed
}

async function tried(remove: () => Promise<unknown>): Promise<boolean> {
  try {
    await remove()
    return true
  } catch (error) {
    // Gone, being removed, or somebody has attached to it meanwhile.
    const isTaken = statusOf(error) === forbidden && wordsOf(error).includes('active endpoints')
    if (isMissing(error) || statusOf(error) === conflict || isTaken) return false
    throw error
  }
}

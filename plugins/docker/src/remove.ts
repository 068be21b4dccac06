import {isMissing, wordsOf} from './engine/problem.js'
import type {Shared} from './shared.js'

/** Removes a container that harness has made, with the volumes that have no name; the networks of the stack go with the last of its containers. */
export async function remove(container: string, stack: string, {engine, services, networks}: Shared): Promise<void> {
  try {
    await engine.ask((docker) => docker.getContainer(container).remove({force: true, v: true}))
  } catch (error) {
    // Gone, or being removed.
    if (!isMissing(error) && !wordsOf(error).includes('already in progress')) throw error
  }
  await networks.removeUnused(stack).catch((error: unknown) => {
    services.log.warn('the networks of a stack could not be removed', {stack, reason: wordsOf(error)})
  })
}

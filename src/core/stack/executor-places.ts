import {messageOf} from '../base/errors.js'
import type {Catalogue} from '../contract/catalogue.js'
import type {ExecutorPlace} from '../registry/topology.js'

/** How long an executor may take to say which networks it has, in milliseconds. */
const patienceMs = 5000

/** The networks that the executors keep. One that cannot say is there with the reason. */
export function executorPlaces(catalogue: Catalogue, signal: AbortSignal): Promise<readonly ExecutorPlace[]> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)])
  const asked = catalogue.names.executors.map(async (kind): Promise<ExecutorPlace> => {
    const executor = catalogue.executor(kind)
    try {
      return {kind, networks: (await executor?.networks?.(limited)) ?? [], problem: null}
    } catch (error) {
      return {kind, networks: [], problem: messageOf(error)}
    }
  })
  return Promise.all(asked)
}

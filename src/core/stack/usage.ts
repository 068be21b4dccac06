import type {Clock} from '../base/clock.js'
import {withDeadline} from '../base/deadline.js'
import {messageOf} from '../base/errors.js'
import type {Log} from '../base/log.js'
import type {ServiceUsage} from '../contract/status.js'
import type {ServiceSupervisor} from '../service/supervisor.js'

/** Who does not say in this time is left out, in milliseconds: an engine may hang. */
const patienceMs = 3000

/** Asks all at once. One of which it cannot be told now is left out: it may just have ended. */
export async function usageOf(
  services: readonly ServiceSupervisor[],
  {signal, log, clock}: {readonly signal: AbortSignal; readonly log: Log; readonly clock: Clock},
): Promise<readonly ServiceUsage[]> {
  const found = await Promise.all(
    services.map(async ({name, handle}) => {
      try {
        const stats = await withDeadline(async (within) => handle?.stats?.(within), {
          clock,
          ms: patienceMs,
          onTimeout: () => new Error(`it was not told in ${patienceMs} ms`),
          signal,
        })
        return stats ? [{service: name, ...stats}] : []
      } catch (error) {
        log.debug('what a service uses cannot be told', {service: name, error: messageOf(error)})
        return []
      }
    }),
  )
  return found.flat()
}

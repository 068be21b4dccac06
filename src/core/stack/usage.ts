import {messageOf} from '../base/errors.js'
import type {Log} from '../base/log.js'
import type {ServiceUsage} from '../contract/status.js'
import type {ServiceSupervisor} from '../service/supervisor.js'

/** Asks all at once. One of which it cannot be told now is left out: it may just have ended. */
export async function usageOf(
  services: readonly ServiceSupervisor[],
  {signal, log}: {readonly signal: AbortSignal; readonly log: Log},
): Promise<readonly ServiceUsage[]> {
  const found = await Promise.all(
    services.map(async ({name, handle}) => {
      try {
        const stats = await handle?.stats?.(signal)
        return stats ? [{service: name, ...stats}] : []
      } catch (error) {
        log.debug('what a service uses cannot be told', {service: name, error: messageOf(error)})
        return []
      }
    }),
  )
  return found.flat()
}

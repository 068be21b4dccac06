import type {ProbeReport, ServiceHealth, ServiceStatus} from '../contract/status.js'

/** What its checks say of a service; `undefined`: nothing of it runs, or it ended meanwhile. */
export function serviceHealth(
  {name, state, reason}: Pick<ServiceStatus, 'name' | 'reason' | 'state'>,
  probes: readonly ProbeReport[] | undefined,
): ServiceHealth {
  return {name, state, verdict: verdictOf(probes), reason, probes: probes ?? []}
}

function verdictOf(probes: readonly ProbeReport[] | undefined): ServiceHealth['verdict'] {
  if (probes === undefined) return 'down'
  if (probes.length === 0) return 'unchecked'
  return probes.every(({ok}) => ok) ? 'healthy' : 'unhealthy'
}

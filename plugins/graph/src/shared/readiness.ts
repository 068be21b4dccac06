import type {Probe, ProbeCheck} from '@service-harness/cli/plugin'

/** How the services of this plugin are asked whether they are ready: often until they are, then now and then. */
export function readiness(check: ProbeCheck): Probe {
  return {
    check,
    intervalMs: 10_000,
    startIntervalMs: 100,
    startPeriodMs: 0,
    timeoutMs: 5000,
    successThreshold: 1,
    failureThreshold: 3,
  }
}

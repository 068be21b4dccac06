/** A verdict that has just changed. */
export type HealthChange = 'ready' | 'recovered' | 'unhealthy'

/** `starting`: never healthy so far. */
export type HealthPhase = 'healthy' | 'starting' | 'unhealthy'

/** Results counted so far. */
export interface HealthTally {
  readonly phase: HealthPhase
  /** Results in a row that speak against the phase. */
  readonly streak: number
}

export interface Thresholds {
  /** Successes in a row that make it healthy. */
  readonly successThreshold: number
  /** Failures in a row that make it unhealthy. */
  readonly failureThreshold: number
}

/**
 * Counts one more result. One result of the other kind starts the count again. While starting, failures mean "not yet" and never
 * make anything unhealthy: that end is the start timeout's.
 */
export function countResult(
  tally: HealthTally,
  ok: boolean,
  thresholds: Thresholds,
): {readonly tally: HealthTally; readonly change?: HealthChange} {
  const {phase} = tally
  if (ok === (phase === 'healthy')) return {tally: {phase, streak: 0}}
  const streak = tally.streak + 1
  if (streak < (ok ? thresholds.successThreshold : thresholds.failureThreshold)) return {tally: {phase, streak}}
  if (!ok) return {tally: {phase: 'unhealthy', streak: 0}, change: 'unhealthy'}
  return {tally: {phase: 'healthy', streak: 0}, change: phase === 'starting' ? 'ready' : 'recovered'}
}

/** Exponential back-off: how long to wait before attempt `n` (0 = the first retry), in milliseconds. */
export interface BackOff {
  readonly delayMs: number
  readonly factor: number
  readonly maxDelayMs: number
  /** Share of the delay that is random, both ways: 0.1 is ± 10 %. */
  readonly jitter: number
}

export function backOffDelay(policy: BackOff, retry: number, random: () => number = Math.random): number {
  const plain = Math.min(policy.delayMs * Math.min(policy.factor ** retry, Number.MAX_VALUE), policy.maxDelayMs)
  return Math.max(0, plain * (1 + policy.jitter * (random() * 2 - 1)))
}

import type {RestartPolicy} from '../contract/stack.js'

/** What `restart: on-failure` leaves out, and what holds where nobody says anything. */
export const defaultRestart: RestartPolicy = {
  policy: 'no',
  delayMs: 1000,
  factor: 2,
  maxDelayMs: 60_000,
  jitter: 0.1,
  maxAttempts: 5,
  windowMs: 60_000,
  resetAfterMs: 60_000,
}

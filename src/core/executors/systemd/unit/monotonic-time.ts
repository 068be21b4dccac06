import type {Clock} from '../../../base/clock.js'

/** The wall-clock time, in milliseconds, of a moment in microseconds of the monotonic clock, by which systemd counts too. */
export function monotonicTime(microseconds: number, clock: Clock): number {
  const now = Number(process.hrtime.bigint() / 1000n)
  return Math.round(clock.now() - (now - microseconds) / 1000)
}

import type {Clock} from '../base/clock.js'

const forgetAfterMs = 60_000
const peersRemembered = 1024

/**
 * How long the refusal of a bad token is held back: not at all for a peer's first three, then 50 ms doubling up to 1 s, forgotten after a
 * minute of peace. Only refusals wait, so a right token from the same address is never slowed.
 */
export function createBadTokenDelay(clock: Clock): (peer: string) => number {
  const peers = new Map<string, {failures: number; at: number}>()
  return (peer) => {
    const now = clock.monotonic()
    const known = peers.get(peer)
    const failures = known !== undefined && now - known.at < forgetAfterMs ? known.failures + 1 : 1
    peers.delete(peer)
    peers.set(peer, {failures, at: now})
    const [oldest] = peers.keys()
    if (peers.size > peersRemembered && oldest !== undefined) peers.delete(oldest)
    return failures <= 3 ? 0 : Math.min(1000, 50 * 2 ** (failures - 4))
  }
}

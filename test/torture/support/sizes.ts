import {seededRandom} from '../../support/seeded-random.js'

/** Whether the figures are to be shown at their full size: `npm run test:torture`. */
const isTorture = process.env['HARNESS_TORTURE'] === '1'

/** How often something is done: in `npm test`, and in `npm run test:torture`. */
export function size(sizes: {readonly quick: number; readonly full: number}): number {
  return isTorture ? sizes.full : sizes.quick
}

/** Random numbers from 0 to 1. The seed is printed, and the one in HARNESS_SEED taken, so that a run can be repeated. */
export function printedRandom(): {readonly seed: number; readonly random: () => number} {
  const seed = Number(process.env['HARNESS_SEED'] ?? Date.now() % 1_000_000)
  measured('seed', `${seed} (HARNESS_SEED=${seed} repeats it)`)
  return {seed, random: seededRandom(seed)}
}

/** Prints what was measured. A slow machine makes it worse, so it is no assertion. */
export function measured(name: string, value: string): void {
  console.log(`      ${name}: ${value}`)
}

/** The value that a share of all is not above. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

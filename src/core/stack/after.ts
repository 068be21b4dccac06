import type {LogPosition} from '../contract/log.js'

/** What a reader has of one service or task already. */
export interface After {
  /** The newest attempt it knows. */
  readonly newest: LogPosition
  /** It knows this attempt, or could not know it yet. */
  reads(attempt: number): boolean
  /** Where it goes on; 0 for what it has not seen. */
  from(attempt: number, stream: LogPosition['stream']): number
}

/** `undefined` where it has nothing of `service`. */
export function afterOf(positions: readonly LogPosition[], service: string): After | undefined {
  const own = positions.filter((position) => position.service === service)
  const [first, ...others] = own
  if (!first) return undefined
  const newest = others.reduce((best, position) => (position.attempt > best.attempt ? position : best), first)
  return {
    newest,
    reads: (attempt) => attempt > newest.attempt || own.some((position) => position.attempt === attempt),
    from: (attempt, stream) =>
      own.findLast((position) => position.attempt === attempt && position.stream === stream)?.offset ?? 0,
  }
}

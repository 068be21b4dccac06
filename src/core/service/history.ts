import {isoTime} from '../base/clock.js'
import type {Json} from '../base/json.js'
import type {HistoryEntry} from '../contract/status.js'
import type {Store} from '../store/store.js'
import type {ServiceMove} from './move.js'

/** So many moves of a service are kept. */
const keptMoves = 20

export const historyKey = (stack: string, service: string): string => `history/${stack}/${service}`

/** The last moves of a service, oldest first. */
export function readHistory(store: Store, stack: string, service: string): readonly HistoryEntry[] {
  return (store.get(historyKey(stack, service)) ?? []) as unknown as readonly HistoryEntry[]
}

/** The history with one more move at its end. `cause`: why, where the record has nothing to say. */
export function withMove(
  history: readonly HistoryEntry[],
  {from, to, event, record}: ServiceMove,
  cause: string | undefined,
): Json {
  const {since, attempt, exit} = record
  const reason = record.reason ?? cause ?? null
  const entry: HistoryEntry = {at: isoTime(since), from, to, event, reason, attempt, exit}
  return [...history.slice(1 - keptMoves), entry] as unknown as Json
}

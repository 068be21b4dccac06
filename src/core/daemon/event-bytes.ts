import type {DaemonEvent} from '../protocol/notifications.js'

const known = new WeakMap<DaemonEvent, number>()

/** How large an event is on its way, more or less. Counted once for each. */
export function eventBytes(event: DaemonEvent): number {
  const before = known.get(event)
  if (before !== undefined) return before
  const bytes = JSON.stringify(event).length
  known.set(event, bytes)
  return bytes
}

import type {DaemonEvent, EventGap} from '../../protocol/notifications.js'
import type {Connection} from '../../transport/connection.js'

/** Events go out at once while less than this waits for the client. */
const roomyBytes = 256 * 1024
/** More events than these do not wait for a client that does not read. */
const mostWaiting = 1000

/** The way of events to one subscriber. */
export interface EventsTo extends Disposable {
  /** Sends it now, or as soon as the client has read what it has. */
  push(event: DaemonEvent): void
}

/**
 * Sends events to a client as fast as it reads, in their order. A bounded queue waits for one that is slow; the oldest that find no room are
 * left out, and a gap says how many. What tasks say, of which there may be very much, does not queue at all.
 */
export function eventsTo(
  connection: Pick<Connection, 'bufferedBytes' | 'drained' | 'notify'>,
  onLeftOut: (events: number) => void = () => undefined,
): EventsTo {
  const queue: (DaemonEvent | EventGap)[] = []
  const over = new AbortController()
  const isRoomy = (): boolean => connection.bufferedBytes < roomyBytes
  const flush = (): void => {
    while (queue.length > 0 && isRoomy()) {
      const item = queue.shift()
      if (item && 'gap' in item) onLeftOut(item.gap)
      send(connection, item)
    }
  }
  const isStillThere = (): Promise<boolean> =>
    connection.drained(roomyBytes, over.signal).then(
      () => true,
      () => false,
    )
  const wait = async (): Promise<void> => {
    while (queue.length > 0 && (await isStillThere())) flush()
  }
  const enqueue = (item: DaemonEvent | EventGap): void => {
    queue.push(item)
    if (queue.length > mostWaiting) queue.unshift(...merged(queue.splice(0, 2)))
    if (queue.length === 1) void wait()
  }
  return {
    push(event) {
      if (queue.length === 0 && isRoomy()) connection.notify('$/event', event)
      else if (event.topic === 'task.event') leaveOut(queue, event, enqueue)
      else enqueue(event)
    },
    [Symbol.dispose]() {
      queue.length = 0
      over.abort()
    },
  }
}

function send(connection: Pick<Connection, 'notify'>, item: DaemonEvent | EventGap | undefined): void {
  if (item === undefined) return
  if ('gap' in item) connection.notify('$/gap', item)
  else connection.notify('$/event', item)
}

function leaveOut(queue: (DaemonEvent | EventGap)[], {seq}: DaemonEvent, enqueue: (gap: EventGap) => void): void {
  const last = queue.at(-1)
  if (last !== undefined && 'gap' in last) queue.splice(-1, 1, {gap: last.gap + 1, seq})
  else enqueue({gap: 1, seq})
}

/** One gap in the place of two neighbours. */
function merged(two: readonly (DaemonEvent | EventGap)[]): readonly EventGap[] {
  const gap = two.reduce((sum, item) => sum + ('gap' in item ? item.gap : 1), 0)
  return two.slice(-1).map(({seq}) => ({gap, seq}))
}

import type {DaemonEvent} from '../../protocol/notifications.js'
import {closeCodes} from '../../protocol/messages.js'
import type {Connection, Handlers} from '../../transport/connection.js'
import type {DaemonContext} from '../context.js'

/** A subscriber that lets this much pile up is too slow: it is sent away and can come back with `after`. */
const mostWaitingBytes = 4 * 1024 * 1024
/** With this much waiting it hears no more of what tasks say, of which there may be very much. */
const mostForTaskEvents = 256 * 1024

export function eventMethods(
  {events, epoch, stacks}: DaemonContext,
  connection: Connection,
): Pick<Handlers, 'events.subscribe' | 'events.unsubscribe'> {
  let subscription: Disposable | undefined
  const end = (): void => {
    subscription?.[Symbol.dispose]()
    subscription = undefined
  }
  connection.closed.addEventListener('abort', end, {once: true})
  const send = (event: DaemonEvent): void => {
    if (event.topic === 'task.event' && connection.bufferedBytes >= mostForTaskEvents) return
    if (connection.bufferedBytes > mostWaitingBytes) {
      end()
      connection.close(closeCodes.slowConsumer, 'too slow for the events')
    } else connection.notify('$/event', event)
  }
  return {
    // Snapshot, replay and registration happen in one synchronous step: no gap and no duplicate.
    'events.subscribe'({topics, snapshot, after, epoch: known}) {
      end()
      const wanted = (event: DaemonEvent): boolean => topics.length === 0 || topics.includes(event.topic)
      const missed = after === undefined || known !== epoch ? undefined : events.since(after)
      for (const event of missed ?? []) if (wanted(event)) send(event)
      subscription = events.subscribe((event) => {
        if (wanted(event)) send(event)
      })
      const whole = snapshot || (after !== undefined && missed === undefined)
      return {epoch, seq: events.seq, ...(whole ? {snapshot: stacks.all().map((stack) => stack.status([]))} : {})}
    },
    'events.unsubscribe'() {
      end()
      return {}
    },
  }
}

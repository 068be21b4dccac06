import type {Connection, Handlers} from '../../transport/connection.js'
import type {DaemonContext} from '../context.js'
import type {Tally} from '../metrics/tally.js'
import {eventsTo, type EventsTo} from './events-to.js'

/** What subscribers need of a daemon. */
export interface EventSource extends Pick<DaemonContext, 'epoch' | 'events'> {
  readonly stacks: Pick<DaemonContext['stacks'], 'all'>
  readonly metrics: {readonly tally: Pick<Tally, 'eventsLeftOut'>}
}

export function eventMethods(
  {events, epoch, stacks, metrics}: EventSource,
  connection: Connection,
): Pick<Handlers, 'events.subscribe' | 'events.unsubscribe'> {
  let subscription: Disposable | undefined
  let subscriber: EventsTo | undefined
  const end = (): void => {
    subscription?.[Symbol.dispose]()
    subscriber?.[Symbol.dispose]()
    subscription = undefined
  }
  connection.closed.addEventListener('abort', end, {once: true})
  return {
    // The snapshot, what was missed and the registration are of one moment: no gap and no duplicate.
    'events.subscribe'({topics, snapshot, after, epoch: known}) {
      end()
      const chosen: ReadonlySet<string> = new Set(topics)
      const wanted = (topic: string): boolean => chosen.size === 0 || chosen.has(topic)
      const missed = after === undefined || known !== epoch ? undefined : events.since(after, wanted)
      const to = eventsTo(connection, {
        missed,
        onLeftOut: (count) => {
          metrics.tally.eventsLeftOut += count
        },
      })
      subscriber = to
      subscription = events.subscribe((event) => {
        if (wanted(event.topic)) to.push(event)
      })
      const gap = after !== undefined && missed === undefined
      const answer = {
        epoch,
        seq: events.seq,
        ...(gap ? {gap} : {}),
        ...(snapshot || gap ? {snapshot: stacks.all().map((stack) => stack.status([]))} : {}),
      }
      return to.caughtUp ? to.caughtUp.then(() => answer) : answer
    },
    'events.unsubscribe'() {
      end()
      return {}
    },
  }
}

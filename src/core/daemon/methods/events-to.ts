import type {DaemonEvent, EventGap} from '../../protocol/notifications.js'
import {fleeting} from '../../protocol/topics.js'
import type {Connection} from '../../transport/connection.js'
import {eventBytes} from '../event-bytes.js'

/** Events go out at once while less than this waits for the client. */
const roomyBytes = 256 * 1024
/** More than this does not wait for a client that does not read. */
const mostWaiting = {events: 1000, bytes: 4 * 1024 * 1024}

type Item = DaemonEvent | EventGap

/** The way of events to one subscriber. */
export interface EventsTo extends Disposable {
  /** Sends it now, or as soon as the client has read what it has. */
  push(event: DaemonEvent): void
  /** Resolves once all that the client had missed is sent, or nothing is sent any more. `undefined`: it is. */
  readonly caughtUp: Promise<void> | undefined
}

interface Options {
  /** What the client has missed: it comes first, and all of it. */
  readonly missed?: readonly DaemonEvent[] | undefined
  /** Hears how many events are left out. */
  readonly onLeftOut?: (events: number) => void
}

/**
 * Sends events to a client as fast as it reads, in their order. A bounded queue waits for one that is slow; the oldest that find no room are
 * left out, and a gap says how many. What tasks and services say, of which there may be very much, does not queue at all.
 */
export function eventsTo(
  connection: Pick<Connection, 'bufferedBytes' | 'drained' | 'notify'>,
  {missed = [], onLeftOut = () => undefined}: Options = {},
): EventsTo {
  const queue = new Waiting(missed)
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
  let waiting: Promise<void> | undefined
  const wait = async (): Promise<void> => {
    while (queue.length > 0 && (await isStillThere())) flush()
    waiting = undefined
  }
  const waitUnlessSent = (): void => {
    if (queue.length > 0) waiting ??= wait()
  }
  flush()
  waitUnlessSent()
  return {
    caughtUp: waiting,
    push(event) {
      if (queue.length === 0 && isRoomy()) connection.notify('$/event', event)
      else if (fleeting.has(event.topic)) queue.leaveOut(event)
      else queue.add(event)
      waitUnlessSent()
    },
    [Symbol.dispose]() {
      queue.clear()
      over.abort()
    },
  }
}

/** What waits for one client: bounded, but for what it begins with. */
class Waiting {
  private items: Item[]
  private bytes: number
  private readonly most: typeof mostWaiting

  constructor(missed: readonly DaemonEvent[]) {
    this.items = [...missed]
    this.bytes = this.items.reduce((sum, item) => sum + bytesOf(item), 0)
    this.most = {events: mostWaiting.events + missed.length, bytes: mostWaiting.bytes + this.bytes}
  }

  get length(): number {
    return this.items.length
  }

  shift(): Item | undefined {
    const item = this.items.shift()
    if (item) this.bytes -= bytesOf(item)
    return item
  }

  add(item: Item): void {
    this.items.push(item)
    this.bytes += bytesOf(item)
    while (this.length > 1 && this.isTooMuch) this.leaveOutOldest()
  }

  leaveOut({seq}: DaemonEvent): void {
    const last = this.items.at(-1)
    if (last !== undefined && 'gap' in last) this.items.splice(-1, 1, {gap: last.gap + 1, seq})
    else this.add({gap: 1, seq})
  }

  clear(): void {
    this.items = []
    this.bytes = 0
  }

  private get isTooMuch(): boolean {
    return this.length > this.most.events || this.bytes > this.most.bytes
  }

  /** One gap in the place of the two that have waited longest. */
  private leaveOutOldest(): void {
    const two = this.items.splice(0, 2)
    this.bytes -= two.reduce((sum, item) => sum + bytesOf(item), 0)
    const gap = two.reduce((sum, item) => sum + ('gap' in item ? item.gap : 1), 0)
    this.items.unshift(...two.slice(-1).map(({seq}) => ({gap, seq})))
  }
}

function bytesOf(item: Item): number {
  return 'gap' in item ? 0 : eventBytes(item)
}

function send(connection: Pick<Connection, 'notify'>, item: Item | undefined): void {
  if (item === undefined) return
  if ('gap' in item) connection.notify('$/gap', item)
  else connection.notify('$/event', item)
}

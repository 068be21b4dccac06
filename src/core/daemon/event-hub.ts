import {isoTime, type Clock} from '../base/clock.js'
import type {DaemonEvent, EventBody} from '../protocol/notifications.js'
import {fleeting} from '../protocol/topics.js'
import {eventBytes} from './event-bytes.js'

/** How much is kept for those who come back. */
interface Kept {
  readonly events: number
  readonly bytes: number
}

const usuallyKept: Kept = {events: 4096, bytes: 8 * 1024 * 1024}

export type EventListener = (event: DaemonEvent) => void

/**
 * Numbers the daemon's events, hands them to subscribers, and keeps the last ones for those who come back. What tasks and services
 * say is not kept: there may be very much of it, and it stands in their logs.
 */
export class EventHub {
  private readonly listeners = new Set<EventListener>()
  private readonly ring: DaemonEvent[] = []
  private last = 0
  private bytes = 0
  /** By topic, the number of the newest event that was kept once and is no more. */
  private readonly forgotten = new Map<string, number>()

  constructor(
    private readonly clock: Clock,
    private readonly kept = usuallyKept,
  ) {}

  /** The number of the newest event. */
  get seq(): number {
    return this.last
  }

  publish(body: EventBody): void {
    this.last += 1
    const event: DaemonEvent = {seq: this.last, time: isoTime(this.clock.now()), ...body}
    if (!fleeting.has(event.topic)) this.keep(event)
    for (const listener of this.listeners) listener(event)
  }

  /** Everything of these topics after `seq` but what tasks and services said; `undefined` when some of it is not kept any more. */
  since(seq: number, isWanted: (topic: string) => boolean = () => true): readonly DaemonEvent[] | undefined {
    if (seq > this.last) return undefined
    for (const [topic, newest] of this.forgotten) if (seq < newest && isWanted(topic)) return undefined
    return this.ring.filter((event) => event.seq > seq && isWanted(event.topic))
  }

  subscribe(listener: EventListener): Disposable {
    this.listeners.add(listener)
    return {
      [Symbol.dispose]: () => {
        this.listeners.delete(listener)
      },
    }
  }

  private keep(event: DaemonEvent): void {
    this.ring.push(event)
    this.bytes += eventBytes(event)
    while (this.ring.length > this.kept.events || this.bytes > this.kept.bytes) this.forgetOldest()
  }

  private forgetOldest(): void {
    const oldest = this.ring.shift()
    if (!oldest) return
    this.bytes -= eventBytes(oldest)
    this.forgotten.set(oldest.topic, oldest.seq)
  }
}

/** What happens to a subscriber that reads slower than events arrive. */
export type Overflow = 'close' | 'drop-oldest'

/** How one reader wants to be served. */
export interface SubscribeOptions {
  /** Events held for a slow reader. @default 256 */
  readonly buffer?: number
  /** `close` ends the slow reader with an error; `drop-oldest` loses the oldest events. @default 'close' */
  readonly overflow?: Overflow
  /** Ends the subscription quietly. */
  readonly signal?: AbortSignal
}

/** A hot, typed source of events. Each `subscribe` call is an independent reader that sees what is emitted from then on. */
export interface EventStream<Event> extends AsyncIterable<Event> {
  /**
   * A reader of its own. It gets what is emitted after this call; leaving its loop ends it. Iterating the stream itself does the same with the
   * defaults.
   */
  subscribe(options?: SubscribeOptions): AsyncIterableIterator<Event>
}

/** The writing half; never handed to consumers. Disposing it ends every reader. */
export interface EventSink<Event> extends AsyncDisposable {
  /** The half to hand out. */
  readonly stream: EventStream<Event>
  /** Hands an event to all who read now. Never waits; does nothing once the sink is disposed of. */
  emit(event: Event): void
}

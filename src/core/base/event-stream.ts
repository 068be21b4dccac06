/** What happens to a subscriber that reads slower than events arrive. */
export type Overflow = 'close' | 'drop-oldest'

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
  subscribe(options?: SubscribeOptions): AsyncIterableIterator<Event>
}

/** The writing half; never handed to consumers. Disposing it ends every reader. */
export interface EventSink<Event> extends AsyncDisposable {
  readonly stream: EventStream<Event>
  emit(event: Event): void
}

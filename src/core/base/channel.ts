import type {EventSink, EventStream, SubscribeOptions} from './event-stream.js'

/** Makes an event stream and its writing half. Every reader has a bounded queue of its own, so that none slows another. */
export function createChannel<Event>(): EventSink<Event> {
  const readers = new Set<Reader<Event>>()
  let ended = false
  const subscribe = (options: SubscribeOptions = {}): AsyncIterableIterator<Event> => {
    const reader = new Reader<Event>(options, () => readers.delete(reader))
    if (ended) reader.end()
    else if (reader.open) readers.add(reader)
    return reader
  }
  const stream: EventStream<Event> = {subscribe, [Symbol.asyncIterator]: () => subscribe()}
  return {
    stream,
    emit(event) {
      for (const reader of readers) reader.push(event)
    },
    [Symbol.asyncDispose]() {
      ended = true
      for (const reader of readers) reader.end()
      readers.clear()
      return Promise.resolve()
    },
  }
}

interface Waiter<Event> {
  resolve(result: IteratorResult<Event>): void
  reject(error: Error): void
}

class Reader<Event> implements AsyncIterableIterator<Event> {
  private readonly queue: Event[] = []
  private readonly waiters: Waiter<Event>[] = []
  private readonly limit: number
  private done = false
  private failure: Error | undefined
  private readonly onAbort = (): void => {
    this.end()
  }

  constructor(
    private readonly options: SubscribeOptions,
    private readonly forget: () => void,
  ) {
    this.limit = options.buffer ?? 256
    if (options.signal?.aborted) this.done = true
    else options.signal?.addEventListener('abort', this.onAbort, {once: true})
  }

  get open(): boolean {
    return !this.done
  }

  push(event: Event): void {
    if (this.done) return
    const waiter = this.waiters.shift()
    if (waiter) {
      waiter.resolve({done: false, value: event})
      return
    }
    if (this.queue.length >= this.limit) {
      if (this.options.overflow === 'drop-oldest') this.queue.shift()
      else {
        this.failure = new Error(`An event reader fell more than ${this.limit} events behind.`)
        this.end()
        return
      }
    }
    this.queue.push(event)
  }

  end(): void {
    this.done = true
    this.options.signal?.removeEventListener('abort', this.onAbort)
    this.forget()
    for (const waiter of this.waiters.splice(0)) waiter.resolve({done: true, value: undefined})
  }

  next(): Promise<IteratorResult<Event>> {
    if (this.queue.length > 0) return Promise.resolve({done: false, value: this.queue.shift() as Event})
    if (this.failure) {
      const failure = this.failure
      this.failure = undefined
      return Promise.reject(failure)
    }
    if (this.done) return Promise.resolve({done: true, value: undefined})
    return new Promise((resolve, reject) => this.waiters.push({resolve, reject}))
  }

  return(): Promise<IteratorResult<Event>> {
    this.end()
    this.queue.length = 0
    this.failure = undefined
    return Promise.resolve({done: true, value: undefined})
  }

  [Symbol.asyncIterator](): this {
    return this
  }
}

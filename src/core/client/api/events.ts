import {HarnessError} from '../../base/errors.js'
import type {StackStatus} from '../../contract/status.js'
import type {ResultOf} from '../../protocol/methods.js'
import type {DaemonEvent, EventGap} from '../../protocol/notifications.js'
import type {Topic} from '../../protocol/topics.js'
import {follow, type Following, type FollowOptions, type Session} from './follow.js'
import type {Line} from './line.js'

/** Where to go on among the events of a daemon. Every item of `client.events` is one. */
export interface EventCursor {
  /** Of the daemon that numbered it: each start of a daemon begins another. */
  readonly epoch: string
  readonly seq: number
}

/** Everything as it is at `seq`: what comes next has happened later. */
export interface EventSnapshot extends EventCursor {
  readonly topic: 'snapshot'
  /** Events were missed: the daemon keeps them no more, or it is another one. Take this instead of what you know. */
  readonly gap: boolean
  readonly stacks: readonly StackStatus[]
}

/** One that is not a snapshot is a `DaemonEvent` with the epoch it belongs to. */
export type EventItem<Wanted extends Topic = Topic> =
  (EventCursor & Extract<DaemonEvent, {readonly topic: Wanted}>) | EventSnapshot

export interface EventOptions<Wanted extends Topic = Topic> extends FollowOptions {
  /** @default all */
  readonly topics?: readonly Wanted[]
  /** Go on after this one, for example the last item that was dealt with. @default from now on */
  readonly after?: EventCursor
  /** Begin with a snapshot. @default false */
  readonly snapshot?: boolean
}

/** The events of a daemon, each once and in order, over as many connections as it takes. */
export interface Events<Wanted extends Topic = Topic> extends Following<EventItem<Wanted>> {
  /** Resolves when what happens from now on will come; rejects when it never will. */
  readonly ready: Promise<void>
}

/** Subscribes at once; see `Events` and `EventOptions`. */
export function followEvents<Wanted extends Topic>(line: Line, options: EventOptions<Wanted>): Events<Wanted> {
  const {topics = [], snapshot = false} = options
  const place: Place = {after: options.after, wantsSnapshot: snapshot}
  const ready = readiness()
  const items = follow<EventItem>(line, {...options, onEnd: ready.reject}, async (session) => {
    const subscription = new Subscription(place, session)
    using _listening = session.client.onEvent((event) => {
      subscription.hear(event)
    })
    using _missing = session.client.onGap((gap) => {
      subscription.miss(gap)
    })
    const params = {topics, snapshot: place.wantsSnapshot, ...given(place.after)}
    subscription.begin(await session.client.call('events.subscribe', params, {signal: session.signal}))
    ready.resolve()
    await Promise.race([session.client.closed, subscription.over])
    return false
  })
  return Object.assign(items as Following<EventItem<Wanted>>, {ready: ready.promise})
}

function readiness() {
  let resolve = (): void => undefined
  let fail = (_error: Error): void => undefined
  const promise = new Promise<void>((good, bad) => {
    resolve = good
    fail = bad
  })
  // Nobody needs to wait for it: whoever reads the events hears of the error.
  promise.catch(() => undefined)
  const reject = (error: Error | undefined): void => {
    fail(error ?? new HarnessError('CANCELLED', {subject: 'events.subscribe'}))
  }
  return {promise, resolve, reject}
}

/** What is kept from one connection to the next. */
interface Place {
  after: EventCursor | undefined
  wantsSnapshot: boolean
}

function given(after: EventCursor | undefined): {readonly after?: number; readonly epoch?: string} {
  return after === undefined ? {} : {after: after.seq, epoch: after.epoch}
}

/** The events of one connection. They may come before the answer that says where they belong. */
class Subscription {
  private early: (DaemonEvent | EventGap)[] | undefined = []
  private isOver = false
  private end = (): void => undefined
  /** Resolves when what follows must be asked for again: we, or our reader, were too slow. */
  readonly over = new Promise<void>((resolve) => {
    this.end = resolve
  })

  constructor(
    private readonly place: Place,
    private readonly session: Session<EventItem>,
  ) {}

  hear(event: DaemonEvent): void {
    if (this.early) this.early.push(event)
    else this.pass(event)
  }

  /** Some were left out here, because this end read too slowly. */
  miss(gap: EventGap): void {
    if (this.early) this.early.push(gap)
    else this.stop()
  }

  begin({seq, epoch, snapshot, gap = false}: ResultOf<'events.subscribe'>): void {
    const early = this.early ?? []
    this.early = undefined
    for (const item of early) if (item.seq <= seq) this.take(item)
    if (snapshot) {
      if (this.push({topic: 'snapshot', seq, epoch, gap, stacks: snapshot})) this.place.wantsSnapshot = false
    } else if (!this.isOver) this.place.after = {seq, epoch}
    for (const item of early) if (item.seq > seq) this.take(item)
  }

  /** What comes from now on is not what follows. */
  private stop(): void {
    this.isOver = true
    this.end()
  }

  private take(item: DaemonEvent | EventGap): void {
    if ('gap' in item) this.stop()
    else this.pass(item)
  }

  private pass(event: DaemonEvent): void {
    this.push({...event, epoch: this.session.client.hello.daemon.epoch})
  }

  private push(item: EventItem): boolean {
    if (this.isOver) return false
    if (this.session.isFull()) {
      this.stop()
      return false
    }
    this.session.push(item)
    this.place.after = {seq: item.seq, epoch: item.epoch}
    return true
  }
}

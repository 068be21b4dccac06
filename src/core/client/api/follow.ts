import {anySignal} from '../../base/any-signal.js'
import type {Client} from '../client.js'
import {BoundedQueue} from './bounded-queue.js'
import {isAway, type Line} from './line.js'

/** What comes from a daemon for as long as somebody wants it. Leaving the loop, `return()` or disposing ends it. */
export interface Following<Item extends object> extends AsyncIterableIterator<Item, undefined>, AsyncDisposable {
  next(): Promise<IteratorResult<Item, undefined>>
  return(): Promise<IteratorResult<Item, undefined>>
  [Symbol.asyncIterator](): Following<Item>
}

export interface FollowOptions {
  /** Ends it quietly. */
  readonly signal?: AbortSignal
  /** How many items may wait for a reader that is slow; the daemon is asked for the rest when they are taken. @default 1000 */
  readonly buffer?: number
}

/** One conversation of many. */
export interface Session<Item extends object> {
  readonly client: Client
  readonly signal: AbortSignal
  readonly push: (item: Item) => void
  /** The reader is behind. */
  readonly isFull: () => boolean
  /** Resolves when it has taken everything, or wants no more. */
  readonly emptied: () => Promise<void>
}

/**
 * Follows something over one conversation after the other: `session` begins where the one before has ended. It answers `true` when all is
 * said; when it answers `false`, or its connection is lost, the next one comes, after the reader has taken what waits.
 */
export function follow<Item extends object>(
  line: Line,
  {signal, buffer = 1000, onEnd}: FollowOptions & {readonly onEnd?: (error: Error | undefined) => void},
  session: (session: Session<Item>) => Promise<boolean>,
): Following<Item> {
  const queue = new BoundedQueue<Item>(buffer)
  const leaving = new AbortController()
  const ending = anySignal(signal, line.closed, leaving.signal)
  const room = {isFull: () => queue.isFull, emptied: () => queue.emptied()}
  let fruitless = 0
  const push = (item: Item): void => {
    fruitless = 0
    queue.push(item)
  }
  const converse = async (): Promise<boolean> => {
    await using client = await line.open(ending.signal)
    using _leaving = whenAborted(ending.signal, () => void client[Symbol.asyncDispose]())
    return await session({client, push, ...room, signal: ending.signal}).catch(unlessAway)
  }
  const run = async (): Promise<void> => {
    while (!(await converse())) {
      if (queue.isFull) await queue.emptied()
      if (fruitless > 0) await line.pause(fruitless - 1, ending.signal)
      fruitless += 1
    }
  }
  const end = (error?: Error): void => {
    const told = ending.signal.aborted ? undefined : error
    queue.end(told)
    onEnd?.(told)
    ending[Symbol.dispose]()
  }
  const running = run().then(() => {
    end()
  }, end)
  whenAborted(ending.signal, () => {
    queue.end()
  })
  return iterate(queue, () => {
    leaving.abort()
    return running
  })
}

function whenAborted(signal: AbortSignal, callback: () => void): Disposable {
  if (signal.aborted) callback()
  else signal.addEventListener('abort', callback, {once: true})
  return {
    [Symbol.dispose]() {
      signal.removeEventListener('abort', callback)
    },
  }
}

function unlessAway(error: unknown): false {
  if (isAway(error)) return false
  throw error
}

function iterate<Item extends object>(queue: BoundedQueue<Item>, leave: () => Promise<void>): Following<Item> {
  const items = queue.read()
  const following: Following<Item> = {
    next: () => items.next(),
    async return() {
      queue.end()
      await leave()
      return items.return(undefined)
    },
    [Symbol.asyncIterator]: () => following,
    async [Symbol.asyncDispose]() {
      await following.return()
    },
  }
  return following
}

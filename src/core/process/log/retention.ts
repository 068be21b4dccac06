import {statSync} from 'node:fs'
import {moveAside} from './aside.js'
import {readPart} from './log-file.js'
import type {LogIndex} from './log-index.js'

/** How much of a log stays. */
interface LogLimits {
  /** Bytes of one part. */
  readonly maxSize: number
  /** Full parts that stay beside the one being written. */
  readonly keep: number
}

/** Where a stack file says nothing. */
export const usualLimits: LogLimits = {maxSize: 10_000_000, keep: 5}

/** Gives the room of a file's first `length` bytes back to the disk, but for its first block; sizes and positions stay. `false`: it cannot. */
export type FreeRoom = (file: string, length: number) => Promise<boolean>

export interface RetentionOptions {
  readonly limits: LogLimits
  readonly free: FreeRoom
}

export interface Retention {
  /** Lets go of the parts that are too many, of a log that stands in its file from position `origin` to `end`. */
  apply(origin: number, end: number): void
  /** The file's time may change although the program writes nothing. */
  busy(): boolean
}

const longestSearch = 64 * 1024
const lineFeed = 0x0a

/** What giving room back does to the file, with the time that it puts on it. */
export interface RoomEvents {
  freed(size: number, mtime: number): void
  /** Before the move: is it still the file that it was? */
  look(): void
  /** All of it, `size` bytes, stands aside now; the file is empty. */
  moved(size: number, mtime: number): void
}

/**
 * Positions are given up before the room is: who reads in between sees a gap, never a hole. A log keeps beginning with a whole line,
 * unless that is longer than 64 KiB. Where the disk cannot free a part of a file, the whole is copied aside each time when it is full: up
 * to twice as much stays then.
 */
export function createRetention(
  file: string,
  index: LogIndex,
  {limits, free}: RetentionOptions,
  events: RoomEvents,
): Retention {
  const {maxSize, keep} = limits
  let working: Promise<void> | undefined
  let log = {origin: 0, end: 0}
  let canFree = true
  let fullAt = 0

  const giveBack = async (): Promise<void> => {
    for (let kept = index.kept(); kept?.pending; kept = index.kept()) {
      const length = kept.offset - log.origin
      if (length > 0) canFree = await free(file, length)
      const found = statSync(file, {throwIfNoEntry: false})
      if (index.kept() !== kept) continue
      index.keep({...kept, time: Math.ceil(found?.mtimeMs ?? kept.time), pending: false})
      if (found) events.freed(found.size, found.mtimeMs)
    }
    if (isFull()) await move()
  }
  const isFull = (): boolean => !canFree && log.end - log.origin >= maxSize * (keep + 1) && log.end >= fullAt
  const move = (): Promise<void> => {
    const {origin, end} = log
    // After a failure (no room for the copy) not before another part.
    fullAt = end + maxSize
    const check = (): boolean => {
      events.look()
      return log.origin === origin
    }
    return moveAside(file, {
      check,
      moved: (size, mtime) => {
        events.moved(size, mtime)
      },
    })
  }
  const giveUp = (): void => {
    const {origin, end} = log
    const surplus = Math.floor((end - origin) / maxSize) - keep
    const target = origin + surplus * maxSize
    if (surplus <= 0 || target <= index.base()) return
    index.keep({offset: lineStart(file, target, origin), time: 0, pending: true})
  }
  return {
    busy: () => working !== undefined,
    apply(origin, end) {
      log = {origin, end}
      if (canFree) giveUp()
      if (!index.kept()?.pending && !isFull()) return
      working ??= giveBack()
        .catch(() => undefined)
        .finally(() => {
          working = undefined
        })
    },
  }
}

/** The first position from `position` on at which a line begins. */
function lineStart(file: string, position: number, origin: number): number {
  const at = readPart(file, position - 1 - origin, longestSearch).indexOf(lineFeed)
  return at < 0 ? position : position + at
}

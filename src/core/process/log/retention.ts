import {statSync} from 'node:fs'
import {readPart} from './log-file.js'
import type {LogIndex} from './log-index.js'

/** How much of a log stays. */
interface LogLimits {
  /** Bytes of one part. */
  readonly maxSize: number
  /** Full parts that stay beside the one being written. */
  readonly keep: number
}

/** Gives the room of a file's first `length` bytes back to the disk, but for its first block; sizes and positions stay. */
export type FreeRoom = (file: string, length: number) => Promise<unknown>

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

/**
 * Positions are given up before the room is: who reads in between sees a gap, never a hole. A log keeps beginning with a whole line,
 * unless that is longer than 64 KiB. `freed` hears the time that giving room back has put on the file.
 */
export function createRetention(
  file: string,
  index: LogIndex,
  {limits, free}: RetentionOptions,
  freed: (size: number, mtime: number) => void,
): Retention {
  let freeing: Promise<void> | undefined
  let from = 0

  const giveBack = async (): Promise<void> => {
    for (let kept = index.kept(); kept?.pending; kept = index.kept()) {
      if (kept.offset > from) await free(file, kept.offset - from)
      const found = statSync(file, {throwIfNoEntry: false})
      if (index.kept() !== kept) continue
      index.keep({...kept, time: Math.ceil(found?.mtimeMs ?? kept.time), pending: false})
      if (found) freed(found.size, found.mtimeMs)
    }
  }
  return {
    busy: () => freeing !== undefined,
    apply(origin, end) {
      from = origin
      const surplus = Math.floor((end - origin) / limits.maxSize) - limits.keep
      const target = origin + surplus * limits.maxSize
      if (surplus > 0 && target > index.base()) {
        index.keep({offset: lineStart(file, target, origin), time: 0, pending: true})
      }
      if (!index.kept()?.pending) return
      freeing ??= giveBack()
        .catch(() => undefined)
        .finally(() => {
          freeing = undefined
        })
    },
  }
}

/** The first position from `position` on at which a line begins. */
function lineStart(file: string, position: number, origin: number): number {
  const at = readPart(file, position - 1 - origin, longestSearch).indexOf(lineFeed)
  return at < 0 ? position : position + at
}

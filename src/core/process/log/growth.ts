import {statSync} from 'node:fs'
import type {Clock} from '../../base/clock.js'
import type {LogIndex} from './log-index.js'
import {hasHeader, logHeader, readPart} from './log-file.js'
import {createRetention, type RetentionOptions} from './retention.js'

/** Translates between positions in a log, which never change their meaning, and positions in its file, which may be cut. */
export interface Growth {
  /** Looks at the file's size and time and, when these have changed, at a few bytes. */
  look(): void
  /** Look again a little later: the last look could not tell. */
  doubtful(): boolean
  /** The first position that still exists. */
  base(): number
  /** The position of the file's first byte. */
  origin(): number
  /** The position after the last byte seen. */
  end(): number
  /** A reader found other bytes than before at a position it had read to: the file was cut and has grown beyond it since. */
  foundCut(offset: number): void
}

/**
 * Sees that an append-only file was cut: it is shorter; its header is gone; the bytes before the last known end are others; or it was
 * written to without having grown. The time of a write may show a moment before its size does, so this last sign counts only when it
 * still stands a little later.
 */
export function trackGrowth(
  file: string,
  index: LogIndex,
  options: {readonly clock: Clock; readonly fresh: boolean; readonly retention: RetentionOptions},
): Growth {
  let origin = index.cutAt() ?? -logHeader.length
  let end = Math.max(index.last()?.offset ?? 0, index.base())
  let changed = lastChange(file, index)
  let tail: Buffer | undefined
  const doubt = createDoubt(options.clock)
  let unseen = !options.fresh
  const retention = createRetention(file, index, options.retention, (size, mtime) => {
    if (size === end - origin) changed = Math.max(changed, mtime)
  })

  const cut = (at: number): void => {
    index.cut(at, options.clock.now())
    origin = at
    end = at
    tail = undefined
    doubt.clear()
  }
  const isCut = (size: number, mtime: number): boolean => {
    const known = end - origin
    if (size < known || (origin < 0 && !hasHeader(file)) || (tail && !endsWith(file, known, tail))) return true
    return size === known && end > index.base() && !retention.busy() && doubt.stands(mtime)
  }
  const grow = (size: number, mtime: number): void => {
    const to = origin + size
    if (to <= end) return
    index.note(to, unseen ? Math.floor(mtime) : options.clock.now(), unseen)
    end = to
    changed = mtime
    doubt.clear()
    tail = tailOf(file, end - origin, end - index.base())
  }
  const look = (): void => {
    const found = statSync(file, {throwIfNoEntry: false})
    if (found && (found.mtimeMs > changed || found.size !== end - origin)) {
      if (isCut(found.size, found.mtimeMs)) {
        changed = found.mtimeMs
        cut(end + 1)
      }
      grow(found.size, found.mtimeMs)
    }
    unseen = false
    retention.apply(origin, end)
  }
  look()
  return {
    look,
    base: () => index.base(),
    origin: () => origin,
    end: () => end,
    doubtful: () => doubt.open(),
    foundCut(offset) {
      cut(Math.max(end, offset) + 1)
      look()
    },
  }
}

/** The last bytes before `end`, of those that are still there. */
function tailOf(file: string, end: number, there: number): Buffer {
  const length = Math.min(tailBytes, there)
  return readPart(file, end - length, length)
}

function endsWith(file: string, end: number, tail: Buffer): boolean {
  return readPart(file, end - tail.length, tail.length).equals(tail)
}

/** Up to when a change of the file's time says nothing new. */
function lastChange(file: string, index: LogIndex): number {
  const kept = index.kept()
  const noted = (index.last()?.time ?? Number.NEGATIVE_INFINITY) + imprecisionMs
  // An earlier daemon may have given room back at any moment since.
  const found = kept?.pending ? statSync(file, {throwIfNoEntry: false})?.mtimeMs : kept?.time
  return Math.max(noted, found ?? Number.NEGATIVE_INFINITY)
}

/** A sign that must still be the same a moment later before it counts. */
function createDoubt(clock: Clock) {
  let sign: {readonly value: number; readonly since: number} | undefined
  return {
    open: (): boolean => sign !== undefined,
    stands(value: number): boolean {
      if (sign?.value !== value) sign = {value, since: clock.monotonic()}
      return clock.monotonic() - sign.since >= settleMs
    },
    clear(): void {
      sign = undefined
    },
  }
}

/** How long a doubtful sign must stand. */
export const settleMs = 15
/** A mark on disk may be this much older than the write it stands for. */
const imprecisionMs = 50
const tailBytes = 32

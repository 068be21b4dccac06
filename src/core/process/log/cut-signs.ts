import type {Clock} from '../../base/clock.js'
import {hasHeader, readPart} from './log-file.js'

export interface CutSigns {
  /** Was the file cut since? `known` is its last known size; `isQuiet`: nobody but the program can have changed its time. */
  show(
    size: number,
    mtime: number,
    before: {readonly known: number; readonly hadHeader: boolean; readonly isQuiet: boolean},
  ): boolean
  /** The last look could not tell: look again a little later. */
  doubtful(): boolean
  /** The file has `size` bytes, of which the last `there` can be read. */
  remember(size: number, there: number): void
  /** It begins anew. */
  forget(): void
}

/**
 * Sees that an append-only file was cut: it is shorter; its header is gone; the bytes before the last known end are others; or it was
 * written to without having grown. The time of a write may show a moment before its size does, so this last sign counts only when it
 * still stands a little later.
 */
export function createCutSigns(file: string, clock: Clock): CutSigns {
  const doubt = createDoubt(clock)
  let tail: Buffer | undefined
  const isOther = (known: number): boolean =>
    tail !== undefined && !readPart(file, known - tail.length, tail.length).equals(tail)
  return {
    show(size, mtime, {known, hadHeader, isQuiet}) {
      if (size < known || (hadHeader && !hasHeader(file)) || isOther(known)) return true
      return size === known && size > 0 && isQuiet && doubt.stands(mtime)
    },
    doubtful: () => doubt.open(),
    remember(size, there) {
      const length = Math.min(tailBytes, there)
      tail = readPart(file, size - length, length)
      doubt.clear()
    },
    forget() {
      tail = undefined
      doubt.clear()
    },
  }
}

/** Of a file that nobody cuts. */
export const noCutSigns: CutSigns = {
  show: () => false,
  doubtful: () => false,
  remember: () => undefined,
  forget: () => undefined,
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
const tailBytes = 32

import {statSync} from 'node:fs'
import type {Clock} from '../../base/clock.js'
import type {LogIndex} from './log-index.js'
import {createCutSigns, noCutSigns, type CutSigns} from './cut-signs.js'
import {logHeader} from './log-file.js'
import {createRetention, type Retention, type RetentionOptions} from './retention.js'

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

export interface GrowthOptions {
  readonly clock: Clock
  readonly fresh: boolean
  readonly retention: RetentionOptions
  /** Nobody cuts it. @default false */
  readonly isOurs?: boolean
}

/** Follows an append-only file as it grows, is cut (`cut-signs.ts`), and gives up its oldest part (`retention.ts`). */
export function trackGrowth(file: string, index: LogIndex, options: GrowthOptions): Growth {
  const growth = new FileGrowth(file, index, options)
  growth.look()
  return growth
}

class FileGrowth implements Growth {
  private first: number
  private last: number
  /** The file's time when it was last found to say something. */
  private changed: number
  private unseen: boolean
  private readonly clock: Clock
  private readonly signs: CutSigns
  private readonly retention: Retention

  constructor(
    private readonly file: string,
    private readonly index: LogIndex,
    {clock, fresh, retention, isOurs = false}: GrowthOptions,
  ) {
    this.first = index.origin() ?? -logHeader.length
    this.last = Math.max(index.last()?.offset ?? 0, index.base())
    this.changed = lastChange(file, index)
    this.unseen = !fresh
    this.clock = clock
    this.signs = isOurs ? noCutSigns : createCutSigns(file, clock)
    this.retention = createRetention(file, index, retention, {
      look: () => {
        this.look()
      },
      freed: (size, mtime) => {
        if (size === this.last - this.first) this.changed = Math.max(this.changed, mtime)
      },
      moved: (size, mtime) => {
        this.grow(size, mtime)
        this.begin('moved', this.last + 1)
        this.changed = mtime
      },
    })
  }

  base(): number {
    return this.index.base()
  }

  origin(): number {
    return this.first
  }

  end(): number {
    return this.last
  }

  doubtful(): boolean {
    return this.signs.doubtful()
  }

  look(): void {
    const found = statSync(this.file, {throwIfNoEntry: false})
    const known = this.last - this.first
    if (found && (found.mtimeMs > this.changed || found.size !== known)) {
      const isQuiet = this.last > this.index.base() && !this.retention.busy()
      if (this.signs.show(found.size, found.mtimeMs, {known, hadHeader: this.first < 0, isQuiet})) {
        this.changed = found.mtimeMs
        this.begin('cut', this.last + 1)
      }
      this.grow(found.size, found.mtimeMs)
    }
    this.unseen = false
    this.retention.apply(this.first, this.last)
  }

  foundCut(offset: number): void {
    this.begin('cut', Math.max(this.last, offset) + 1)
    this.look()
  }

  private grow(size: number, mtime: number): void {
    const to = this.first + size
    if (to <= this.last) return
    this.index.note(to, this.unseen ? Math.floor(mtime) : this.clock.now(), this.unseen)
    this.last = to
    this.changed = mtime
    this.signs.remember(size, to - Math.max(this.index.base(), this.first))
  }

  private begin(kind: 'cut' | 'moved', at: number): void {
    this.index.begin(kind, at, this.clock.now())
    this.first = at
    this.last = at
    this.signs.forget()
  }
}

/** Up to when a change of the file's time says nothing new. */
function lastChange(file: string, index: LogIndex): number {
  const kept = index.kept()
  const noted = (index.last()?.time ?? Number.NEGATIVE_INFINITY) + imprecisionMs
  // An earlier daemon may have given room back at any moment since.
  const found = kept?.pending ? statSync(file, {throwIfNoEntry: false})?.mtimeMs : kept?.time
  return Math.max(noted, found ?? Number.NEGATIVE_INFINITY)
}

/** A mark on disk may be this much older than the write it stands for. */
const imprecisionMs = 50

/** How the output of a workload is kept. */
export interface LogOptions {
  /** `file`: straight to a file. `pipe`: through a small process, for programs that reopen /dev/stdout. @default 'file' */
  readonly capture: 'file' | 'pipe'
  /** Both streams into one file, in exact order. @default false */
  readonly merge: boolean
  /** Bytes of one part of a log; older parts than the last `keep` are removed. @default 10,000,000 */
  readonly maxSize?: number
  /** Full parts of each stream that stay, beside the one being written. @default 5 */
  readonly keep?: number
}

/** A part of a log, cut out at a position. */
export interface LogChunk {
  /** As they were printed; a line or a character may be cut at either end. */
  readonly bytes: Uint8Array
  /** The position of the first byte. Beyond the position asked for when something in between is gone. */
  readonly offset: number
  /** Present when output was lost between the position asked for and `offset`. */
  readonly gap?: LogGap
}

/** Output that is gone. */
export interface LogGap {
  /** Bytes lost, where that is known. */
  readonly bytes?: number
  /** `cut`: the program cut its log. `retention`: it had become older than what is kept. */
  readonly reason: 'cut' | 'retention'
  /** What happened and how to avoid it, in one sentence. */
  readonly text: string
}

/** One stream of output that can be read from any position. A position is a byte offset that never changes its meaning. */
export interface LogSource {
  /** Which of the two. With `merge` all of it is `stdout`. */
  readonly stream: 'stderr' | 'stdout'
  /** Bytes from `offset` on, at most `limit`; empty when there are none yet. */
  read(offset: number, limit: number): Promise<LogChunk>
  /** The position after the last byte there is now. */
  end(): Promise<number>
  /** Resolves when there may be more than `offset`; rejects when `signal` aborts. */
  changed(offset: number, signal: AbortSignal): Promise<void>
  /** When the byte at `offset` was written, in milliseconds since the epoch, as closely as is known. */
  timeAt(offset: number): Promise<LogTime>
  /** The first position written at or after this time. */
  offsetAt(time: number): Promise<number>
}

/** When something was printed. */
export interface LogTime {
  /** Milliseconds since the epoch. */
  readonly at: number
  /** The line was written while nobody watched; it is not younger than `at`. */
  readonly estimated: boolean
}

/** A place in what a service or task prints. */
export interface LogPosition {
  /** The service or task. */
  readonly service: string
  /** Which of its starts, from 1. */
  readonly attempt: number
  /** Which of the two it is in. */
  readonly stream: 'stderr' | 'stdout'
  /** Bytes from the beginning of the stream. */
  readonly offset: number
}

/** One line of a service's or task's output, or one record of lost output, as it travels to clients. */
export interface LogLine {
  /** ISO 8601. */
  readonly time: string
  /** Present when nobody watched as it was written: it is not younger than `time`. */
  readonly estimated?: true
  /** The stack's id. */
  readonly stack: string
  /** The service or task that printed it. */
  readonly service: string
  /** Which of the two it is in. */
  readonly stream: 'stderr' | 'stdout'
  /** Which start of the service or task, from 1. */
  readonly attempt: number
  /** Position of the line's first byte in its stream. */
  readonly offset: number
  /** The position after it: where a reader goes on that has it. */
  readonly next: number
  /** Without its line end. For a gap: what happened. */
  readonly text: string
  /** Present on a record of lost output. */
  readonly gap?: {
    /** How many are lost; `null`: that is not known. */
    readonly bytes: number | null
    /** As in `LogGap`. */
    readonly reason: LogGap['reason']
  }
}

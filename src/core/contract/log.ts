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
  readonly bytes: Uint8Array
  /** The position of the first byte. Beyond the position asked for when something in between is gone. */
  readonly offset: number
  /** Present when output was lost between the position asked for and `offset`. */
  readonly gap?: LogGap
}

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

export interface LogTime {
  readonly at: number
  /** The line was written while nobody watched; it is not younger than `at`. */
  readonly estimated: boolean
}

/** A place in what a service or task prints. */
export interface LogPosition {
  readonly service: string
  readonly attempt: number
  readonly stream: 'stderr' | 'stdout'
  readonly offset: number
}

/** One line of a service's or task's output, or one record of lost output, as it travels to clients. */
export interface LogLine {
  /** ISO 8601. */
  readonly time: string
  readonly estimated?: true
  readonly stack: string
  /** The service or task that printed it. */
  readonly service: string
  readonly stream: 'stderr' | 'stdout'
  readonly attempt: number
  /** Position of the line's first byte in its stream. */
  readonly offset: number
  /** The position after it: where a reader goes on that has it. */
  readonly next: number
  /** Without its line end. For a gap: what happened. */
  readonly text: string
  /** Present on a record of lost output. */
  readonly gap?: {readonly bytes: number | null; readonly reason: LogGap['reason']}
}

import type {Json} from '../base/json.js'
import type {LogOptions, LogSource} from './log.js'

/** Where and how the logs of an attempt are kept. */
export interface SpoolOptions {
  /** The run directory of the attempt. Made (0700) when it is not there. */
  readonly directory: string
  /** With `merge` both streams are written to one log, as stdout. */
  readonly logs: LogOptions
}

/**
 * The logs of an attempt, written by an executor in the daemon and kept in files of the run directory: read, timed and retained as those of
 * processes. The engine that the output comes from has it once more; after a restart of the daemon the executor asks for it from `cursor` on, and
 * writes that: what stands in the files already is left out, byte for byte.
 */
export interface LogSpool {
  /** For the handle. */
  readonly logs: readonly LogSource[]
  /** What `commit` was last given; `undefined` for a spool that is new. */
  readonly cursor: Json | undefined
  /** Appends to a stream what was printed at `time`, in milliseconds since the epoch. Throws when the disk is full. */
  write(stream: 'stderr' | 'stdout', bytes: Uint8Array, time: number): void
  /** Remembers where to go on after all that was written: at most 400 characters of JSON. */
  commit(cursor: Json): void
  /** Stops watching. It can still be read. Idempotent. */
  close(): void
}

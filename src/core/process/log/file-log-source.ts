import type {Clock} from '../../base/clock.js'
import type {LogSource} from '../../contract/log.js'
import {watchGrowth} from './growth-watch.js'
import {trackGrowth} from './growth.js'
import {openLogIndex} from './log-index.js'
import {readChunk} from './read-chunk.js'
import type {RetentionOptions} from './retention.js'
import {createSamples} from './samples.js'

export interface FileLogOptions {
  readonly file: string
  readonly stream: 'stderr' | 'stdout'
  readonly clock: Clock
  /** Nobody can have written to it before now. Otherwise what is there has estimated times. */
  readonly fresh: boolean
  readonly retention: RetentionOptions
  /** Only harness writes to it: nobody cuts it. @default false */
  readonly isOurs?: boolean
}

/** A log in an append-only file, which is watched from the start so that its lines have times. */
export interface FileLog extends LogSource {
  /** The position after the last byte seen. */
  seen(): number
  /** For whoever writes the log from inside here: all up to `offset` was printed at `time`. */
  printed(offset: number, time: number): void
  /** Stops watching, after a last look. It can still be read. Idempotent. */
  close(): void
}

/**
 * Reads a log file by positions that stay valid when the program cuts it (by re-opening /dev/stderr, for example): what was there
 * before becomes a gap that says how to avoid it. The watch never reads: one `stat` at most every 250 ms.
 */
export function fileLogSource(options: FileLogOptions): FileLog {
  const index = openLogIndex(`${options.file}.index`)
  const growth = trackGrowth(options.file, index, options)
  const samples = createSamples()
  const watch = watchGrowth(options.file, growth, options.clock)
  return {
    stream: options.stream,
    seen: () => growth.end(),
    read: (offset, limit) => readChunk({file: options.file, growth, index, samples}, offset, limit),
    end() {
      growth.look()
      return Promise.resolve(growth.end())
    },
    changed: (offset, signal) => watch.changed(offset, signal),
    timeAt(offset) {
      return Promise.resolve(index.timeAt(offset) ?? {at: options.clock.now(), estimated: false})
    },
    offsetAt(time) {
      growth.look()
      return Promise.resolve(index.offsetAt(time) ?? growth.end())
    },
    printed(offset, time) {
      index.note(offset, time)
      growth.look()
    },
    close() {
      watch.close()
      index.flush()
    },
  }
}

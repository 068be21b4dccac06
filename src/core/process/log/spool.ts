import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import path from 'node:path'
import type {Clock} from '../../base/clock.js'
import {HarnessError} from '../../base/errors.js'
import {isJsonObject, type Json} from '../../base/json.js'
import type {LogSpool, SpoolOptions} from '../../contract/spool.js'
import {fileLogSource, type FileLog} from './file-log-source.js'
import {logHeader} from './log-file.js'
import {createFreeRoom} from './free-room.js'
import {usualLimits, type FreeRoom} from './retention.js'

type Stream = 'stderr' | 'stdout'

interface SpoolHost {
  readonly clock: Clock
  readonly freeRoom: FreeRoom
}

/** Of the file that remembers the cursor: it is always rewritten in one piece. */
const cursorBytes = 512

/** What plugins open their logs with. */
export function spoolOpener(clock: Clock): (options: SpoolOptions) => LogSpool {
  const host = {clock, freeRoom: createFreeRoom()}
  return (options) => openSpool(options, host)
}

function openSpool({directory, logs: options}: SpoolOptions, host: SpoolHost): LogSpool {
  const {merge, maxSize = usualLimits.maxSize, keep = usualLimits.keep} = options
  mkdirSync(directory, {recursive: true, mode: 0o700})
  const cursorFile = path.join(directory, 'cursor')
  const remembered = readCursor(cursorFile)
  const open = (stream: Stream, name: string): SpoolFile =>
    new SpoolFile({
      ...{file: path.join(directory, name), stream, ...host},
      limits: {maxSize, keep},
      committed: remembered?.[stream] ?? 0,
    })
  const out = open('stdout', 'out.log')
  const err = merge ? out : open('stderr', 'err.log')
  const files = merge ? [out] : [out, err]
  let cursor = remembered?.cursor
  let cursorFd: number | undefined
  return {
    logs: files.map(({log}) => log),
    get cursor() {
      return cursor
    },
    write(stream, bytes, time) {
      const file = stream === 'stdout' ? out : err
      file.write(bytes, time)
    },
    commit(next) {
      const text = cursorText(cursorFile, {stdout: out.position, stderr: err.position, cursor: next})
      cursorFd ??= openSync(cursorFile, constants.O_WRONLY | constants.O_CREAT | constants.O_NOFOLLOW, 0o600)
      writeSync(cursorFd, text, 0)
      cursor = next
    },
    close() {
      for (const file of files) file.close()
      if (cursorFd !== undefined) closeSync(cursorFd)
      cursorFd = undefined
    },
  }
}

interface SpoolFileOptions extends SpoolHost {
  readonly file: string
  readonly stream: Stream
  readonly limits: {readonly maxSize: number; readonly keep: number}
  /** Up to where it was written when the cursor was remembered. */
  readonly committed: number
}

/** One log. Positions are those of its `LogSource`. */
class SpoolFile {
  readonly log: FileLog
  /** Where what is written next belongs. Behind the end of the file while that has it already. */
  position: number
  private readonly fd: number
  private end: number
  private closed = false

  constructor({file, stream, limits, clock, freeRoom, committed}: SpoolFileOptions) {
    const fresh = !existsSync(file)
    if (fresh) writeFileSync(file, logHeader, {flag: 'wx', mode: 0o600})
    this.fd = openSync(file, constants.O_WRONLY | constants.O_APPEND | constants.O_NOFOLLOW)
    this.log = fileLogSource({file, stream, clock, fresh, retention: {limits, free: freeRoom}, isOurs: true})
    this.end = this.log.seen()
    this.position = Math.min(committed, this.end)
  }

  write(bytes: Uint8Array, time: number): void {
    const known = Math.min(this.end - this.position, bytes.length)
    this.position += known
    const rest = bytes.subarray(known)
    if (rest.length === 0) return
    this.append(rest)
    this.position += rest.length
    this.end = this.position
    this.log.printed(this.end, time)
  }

  /** All of it, or nothing. */
  private append(bytes: Uint8Array): void {
    const {size} = fstatSync(this.fd)
    try {
      for (let done = 0; done < bytes.length;) done += writeSync(this.fd, bytes, done)
    } catch (error) {
      ftruncateSync(this.fd, size)
      throw error
    }
  }

  close(): void {
    if (this.closed) return
    this.closed = true
    this.log.close()
    closeSync(this.fd)
  }
}

interface Remembered {
  readonly stdout: number
  readonly stderr: number
  readonly cursor: Json
}

/** What cannot be read is no cursor: all is asked for again, and nothing is written twice. */
function readCursor(file: string): Remembered | undefined {
  try {
    const found: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (!isJsonObject(found)) return undefined
    const {stdout, stderr, cursor} = found
    if (typeof stdout !== 'number' || typeof stderr !== 'number' || cursor === undefined) return undefined
    return {stdout, stderr, cursor}
  } catch {
    return undefined
  }
}

/** Always of one length: it is rewritten in one piece. */
function cursorText(file: string, remembered: Remembered): string {
  const text = JSON.stringify(remembered)
  if (text.length >= cursorBytes) {
    throw new HarnessError('INTERNAL', {subject: file, reason: `a cursor has at most ${cursorBytes - 1} characters`})
  }
  return text.padEnd(cursorBytes - 1) + '\n'
}

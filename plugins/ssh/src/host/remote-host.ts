import type {Readable, Writable} from 'node:stream'
import type {Observable} from '@service-harness/cli/plugin'

/**
 * A machine that commands run on, whatever leads there. One connection carries all that is open at a time. It runs ten commands at a time, two of them for
 * those with a terminal: more wait for their turn, so nobody keeps one open that can ask again.
 */
export interface RemoteHost extends AsyncDisposable {
  /** `user@host:port`, for people. */
  readonly name: string
  /** `unknown` while nothing leads there. It is tried again by itself, with back-off, as long as somebody holds the host. */
  readonly reachability: Observable<'known' | 'unknown'>
  /**
   * Resolves once there is a connection; rejects when one attempt has failed, with the one error that says why and what to do. It makes an attempt now; all the
   * others make none while a pause between attempts lasts, and reject with what the last one has said.
   */
  connect(signal: AbortSignal): Promise<void>
  /** Begins a command, read by the POSIX shell there: resolves once that has begun. Rejects when nothing leads there, or the signal aborts first. */
  open(command: string, options: OpenOptions): Promise<RemoteChannel>
  /**
   * Runs a command to its end. What is kept of what it prints is at most `limit` bytes of each stream. Rejects once it was ended because the signal has aborted.
   * @default limit 1 MiB
   */
  run(command: string, options: RunOptions): Promise<RanThere>
  /** Writes a file there, whole or not at all: beside it, then renamed. Its folder exists. `mode` 0o600 unless said otherwise. */
  put(
    content: Readable | Uint8Array,
    file: string,
    options: {readonly mode?: number; readonly signal: AbortSignal},
  ): Promise<void>
  /** A connection from there to an address that it reaches. */
  dial(address: RemoteAddress, signal: AbortSignal): Promise<NodeJS.ReadWriteStream & Disposable>
  /** Listens there, on loopback unless `host` says otherwise; each connection is given to `accept`. Port 0: it chooses one. Anew after each cut of the link. */
  listen(
    address: RemoteAddress,
    accept: (connection: NodeJS.ReadWriteStream & Disposable) => void,
  ): Promise<RemoteListener>
}

export interface RemoteAddress {
  readonly host: string
  readonly port: number
}

export interface RemoteListener extends AsyncDisposable {
  readonly port: number
}

export interface OpenOptions {
  /** With a terminal. */
  readonly pty?: {readonly columns: number; readonly rows: number; readonly term: string}
  /** Ends it, and all of its process group. */
  readonly signal?: AbortSignal
}

/** A command that runs there. All of its output is to be read, or resumed: what is left unread holds up the rest. */
export interface RemoteChannel {
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  /**
   * Never rejects. `lost`: the link was cut, or it was let go; what became of it there is unknown. Its output has mostly ended by then, but for what holds it open
   * longer: what is left behind by the command, or a reader that is slow.
   */
  readonly ended: Promise<RemoteEnd>
  resize(columns: number, rows: number): void
  /** Lets go of it. A command without a terminal goes on there unless it reads its input or writes. */
  close(): void
}

export type RemoteEnd =
  | {readonly by: 'code'; readonly code: number}
  | {readonly by: 'signal'; readonly signal: string}
  | {readonly by: 'lost'; readonly reason: string}

export interface RunOptions {
  readonly input?: Uint8Array | string
  readonly limit?: number
  readonly signal: AbortSignal
}

export interface RanThere {
  readonly end: RemoteEnd
  readonly stdout: Buffer
  readonly stderr: Buffer
}

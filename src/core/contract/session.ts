import type {Readable} from 'node:stream'
import type {CommandSpec, ExitStatus} from './command.js'

/** In characters. */
export interface TerminalSize {
  /** Width. */
  readonly columns: number
  /** Height. */
  readonly rows: number
}

/** A command to run with its streams live. */
export interface SessionRequest extends Omit<CommandSpec, 'stdin'> {
  /** Present: the command has a terminal of this size as its standard input, output and error; EXECUTOR_CANNOT where none can be made. @default pipes */
  readonly terminal?: TerminalSize
}

/** A piece of what it printed. */
export interface SessionOutput {
  /** Always `stdout` of a command with a terminal. */
  readonly stream: 'stderr' | 'stdout'
  /** As they came; a line or a character may be cut at either end. */
  readonly bytes: Uint8Array
}

/** Where a piece of output comes from. */
export interface OutputSource {
  /** Which it is of. */
  readonly stream: SessionOutput['stream']
  /** Nobody else reads it. */
  readonly readable: Readable
}

/** A command that runs where a workload runs, with its streams. Disposing of it ends every process of it, first politely, and resolves when none is left. */
export interface Session extends AsyncDisposable {
  /**
   * What it prints, byte for byte, each stream in order; it ends once the command has ended and all of it was read. For one reader, who
   * may be as slow as it likes: the command then waits in its next write, and little is kept here.
   */
  readonly output: AsyncIterable<SessionOutput>
  /** How the command ended. What it left behind in the background is ended with it. Never rejects. */
  readonly ended: Promise<ExitStatus>
  /** Resolves when more may be given. Does nothing once the command takes no more. */
  write(bytes: Uint8Array): Promise<void>
  /** There is no more input: an end of file, or the character that stands for it in a terminal. */
  endInput(): Promise<void>
  /** Its terminal has another size now. Does nothing without one. */
  resize(size: TerminalSize): void
  /** Sends a signal to all that the command runs in its foreground. Does nothing once it has ended. */
  signal(signal: NodeJS.Signals): void
}

/** Standard input of a workload that runs. Disposing of it leaves the input open for the next. */
export interface WorkloadInput extends Disposable {
  /** Resolves when more may be given. Does nothing once nobody reads any more. */
  write(bytes: Uint8Array): Promise<void>
}

import {once} from 'node:events'
import {setTimeout as sleep} from 'node:timers/promises'
import {spawn, type ChildProcess, type SpawnOptions} from 'node:child_process'

export interface ProgramToRun {
  readonly program: string
  readonly args: readonly string[]
  readonly options?: SpawnOptions
  /** What asks it to end, whatever this process was asked with. */
  readonly stopSignal: NodeJS.Signals
  /** What ends it when it has not ended a while after that. @default nobody: harness ends both, after the grace period */
  readonly force?: {readonly signal: NodeJS.Signals; readonly afterMs: number}
  /** Comes once it has been asked to end, beside the signal. */
  readonly onStop?: () => void
}

export interface ProgramEnd {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** This process was asked to end. */
  readonly asked: boolean
}

const asking = ['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP'] as const

/** Runs a program in the place of this process: with its input and output, and with its signals in the program's own words. */
export class RunningProgram {
  readonly ended: Promise<ProgramEnd>
  /** For whoever listens to its output. */
  readonly child: ChildProcess
  private asked = false
  private readonly whenAsked = (): void => {
    this.stop()
  }

  constructor(private readonly what: ProgramToRun) {
    this.child = spawn(what.program, what.args, {stdio: 'inherit', ...what.options})
    for (const signal of asking) process.on(signal, this.whenAsked)
    this.ended = new Promise((resolve, reject) => {
      this.child.once('error', reject)
      this.child.once('exit', (code, signal) => {
        const end = {code, signal, asked: this.asked}
        void read(this.child).then(() => {
          for (const each of asking) process.off(each, this.whenAsked)
          resolve(end)
        })
      })
    })
  }

  /** Ends it at once. */
  kill(): void {
    this.child.kill('SIGKILL')
  }

  /** Asks it to end, once. */
  stop(): void {
    if (this.asked) return
    this.asked = true
    const {stopSignal, force, onStop} = this.what
    this.child.kill(stopSignal)
    onStop?.()
    if (force) setTimeout(() => this.child.kill(force.signal), force.afterMs).unref()
  }
}

/** Until its last words are read, where they come through this process; unless somebody else holds its output open. */
async function read(child: ChildProcess): Promise<void> {
  if (child.stdout ?? child.stderr) await Promise.race([once(child, 'close'), sleep(1000)])
}

/** Aborts once this process is asked to end: for what comes before the program. Without it such a signal would end this process at once, with things half done. */
export function stopRequest(): AbortController {
  const controller = new AbortController()
  for (const signal of asking) {
    process.on(signal, () => {
      controller.abort()
    })
  }
  return controller
}

/** Ends this process as the program has ended; one that was asked to end has ended well, whatever it says. */
export function endLike({code, signal, asked}: ProgramEnd): never {
  if (!asked && signal !== null) {
    process.kill(process.pid, signal)
    // What this process was sent may be on its way.
    process.exit(1)
  }
  process.exit(asked ? 0 : (code ?? 1))
}

/** One line for people on standard error, and the end. */
export function fail(message: string): never {
  process.stderr.write(`Error: ${message}\n`)
  process.exit(1)
}

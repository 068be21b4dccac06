import {spawn, type ChildProcess} from 'node:child_process'
import type {ExitStatus, StartRequest, StopOptions} from '@service-harness/cli/plugin'
import type {EverySpec} from './every.js'

type Write = (stream: 'stderr' | 'stdout', bytes: Uint8Array) => void

/** Runs a command, pauses, and runs it again, until it has done so often enough or is stopped. */
export class Loop {
  /** How the last run ended, once there will be no other. Never rejects. */
  readonly ended: Promise<ExitStatus>
  private child: ChildProcess | undefined
  private readonly stopping = new AbortController()
  private killer: {readonly at: number; readonly timer: NodeJS.Timeout} | undefined

  constructor(
    private readonly request: StartRequest<EverySpec>,
    private readonly write: Write,
  ) {
    this.ended = this.run().finally(() => {
      clearTimeout(this.killer?.timer)
    })
  }

  async wait(signal?: AbortSignal): Promise<ExitStatus> {
    signal?.throwIfAborted()
    const given = new Promise<never>((_resolve, reject) => {
      signal?.addEventListener('abort', () => {
        reject(signal.reason as Error)
      })
    })
    return await Promise.race([this.ended, given])
  }

  /** Asked again, it may only become shorter. */
  stop({graceMs, signal = 'SIGTERM'}: StopOptions): Promise<ExitStatus> {
    if (!this.stopping.signal.aborted) {
      this.stopping.abort()
      this.send(signal)
    }
    const at = Date.now() + graceMs
    if (this.killer === undefined || at < this.killer.at) {
      clearTimeout(this.killer?.timer)
      const timer = setTimeout(() => {
        this.send('SIGKILL')
      }, graceMs)
      this.killer = {at, timer}
    }
    return this.ended
  }

  private async run(): Promise<ExitStatus> {
    const {seconds, times = Infinity} = this.request.spec
    for (let done = 1; ; done += 1) {
      const status = await this.once()
      if (done >= times || this.stopping.signal.aborted) return status
      await this.pause(seconds * 1000)
      if (this.stopping.signal.aborted) return status
    }
  }

  private once(): Promise<ExitStatus> {
    const {spec, directory, inheritedEnv, env} = this.request
    const [program = '', ...args] = spec.command
    return new Promise((resolve) => {
      // In a group of its own, so that what it starts can be ended with it.
      const child = spawn(program, args, {
        cwd: directory,
        env: {...inheritedEnv, ...env},
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true,
      })
      this.child = child
      child.stdout.on('data', (bytes: Buffer) => {
        this.write('stdout', bytes)
      })
      child.stderr.on('data', (bytes: Buffer) => {
        this.write('stderr', bytes)
      })
      child.once('error', (error) => {
        resolve({by: 'code', code: 127, startFailure: error.message})
      })
      child.once('exit', () => {
        this.send('SIGKILL')
      })
      child.once('close', (code, signal) => {
        this.child = undefined
        resolve(signal === null ? {by: 'code', code: code ?? 0} : {by: 'signal', signal})
      })
    })
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.stopping.signal.addEventListener('abort', () => {
        clearTimeout(timer)
        resolve()
      })
    })
  }

  private send(signal: NodeJS.Signals): void {
    const pid = this.child?.pid
    if (pid === undefined) return
    try {
      process.kill(-pid, signal)
    } catch {
      // Nothing of it is there any more.
    }
  }
}

import {randomUUID} from 'node:crypto'
import type {RemoteChannel, RemoteHost} from '../host/remote-host.js'
import {wordsOf} from '../problem.js'
import {FrameReader, type Frame} from './frames.js'
import {LinkCut} from './link-cut.js'
import {agentProgram} from './program/agent-program.js'
import {quote} from './quote.js'

export interface Answer {
  /** 0: it was done. */
  readonly code: number
  readonly text: string
  readonly bytes: Buffer
}

/** A part of a file there. */
export interface FilePart {
  readonly bytes: Buffer
  /** Of the file, after it was read; negative when there is none. */
  readonly size: number
}

interface Pending {
  readonly parts: Buffer[]
  resolve(last: Frame): void
  reject(error: Error): void
}

/** Without a level of its own, bash takes an input that is a socket for a login of old, and reads a file of the user. */
const opening = `HARNESS_LC=\${LC_ALL-/} LC_ALL=C SHLVL=9; export HARNESS_LC LC_ALL SHLVL; exec /bin/sh`
const block = 4096

/** A shell on a machine that knows the verbs of the agent. It answers one request after the other. */
export class AgentShell {
  /** Resolves when it is there no more, with the reason. */
  readonly ended: Promise<string>
  /** Set by whoever has it watch. */
  onLine: (line: string) => void = () => undefined
  private readonly pending = new Map<string, Pending>()
  private count = 0
  private over: string | undefined
  private watching = false
  private readonly said: Buffer[] = []
  private rest = ''

  private constructor(
    private readonly channel: RemoteChannel,
    greeting: string,
  ) {
    const frames = new FrameReader(greeting)
    channel.stdin.on('error', () => undefined)
    channel.stderr.on('data', (bytes: Buffer) => {
      if (this.said.length < 8) this.said.push(bytes)
    })
    channel.stdout.on('data', (bytes: Buffer) => {
      this.take(bytes, frames)
    })
    this.ended = channel.ended.then((end) => {
      const words = Buffer.concat(this.said).toString().trim().slice(0, 300)
      return this.finish(end.by === 'lost' ? end.reason : `the shell there ended${words === '' ? '' : `: ${words}`}`)
    })
  }

  static async open(host: RemoteHost, signal: AbortSignal): Promise<AgentShell> {
    const channel = await host.open(`exec /bin/sh -c ${quote(opening)}`, {})
    const greeting = `harness ${randomUUID()}`
    const shell = new AgentShell(channel, greeting)
    channel.stdin.write(`${agentProgram}\nprintf '\\n%s\\n' ${quote(greeting)}\n`)
    if (signal.aborted) shell.close()
    return shell
  }

  get isOver(): boolean {
    return this.over !== undefined
  }

  async ask(verb: string, words: readonly string[]): Promise<Answer> {
    const {last} = await this.request((id) => ['q', id, verb, ...words.map(quote), '.'])
    return {code: Number(last.code), text: last.body.toString('utf8'), bytes: last.body}
  }

  /** At most `limit` bytes of a file in the folder of the runs, from `offset` on. */
  async read(file: string, offset: number, limit: number): Promise<FilePart> {
    const {parts, last} = await this.request((id) => ['l', id, quote(file), String(offset), String(limit), '.'])
    const size = Number(last.body.toString('latin1'))
    const bytes = Buffer.concat(parts).subarray(offset % block)
    // What was cut off while it was read has zeroes in its place.
    return {bytes: bytes.subarray(0, Math.max(0, size - offset)), size}
  }

  /** From now on it says what happens to those that are on the list with this name, and answers no more. */
  watch(list: string): void {
    this.watching = true
    this.channel.stdin.write(`w ${quote(list)} .\n`)
  }

  close(): void {
    this.finish('it was closed')
    this.channel.stdin.end()
    this.channel.close()
  }

  private request(words: (id: string) => readonly string[]) {
    return new Promise<{readonly parts: readonly Buffer[]; readonly last: Frame}>((resolve, reject) => {
      if (this.over !== undefined) {
        reject(new LinkCut(this.over))
        return
      }
      this.count += 1
      const id = String(this.count)
      const parts: Buffer[] = []
      this.pending.set(id, {
        parts,
        resolve: (last) => {
          resolve({parts, last})
        },
        reject,
      })
      this.channel.stdin.write(`${words(id).join(' ')}\n`)
    })
  }

  private take(bytes: Buffer, frames: FrameReader): void {
    if (this.watching) {
      this.takeLines(bytes)
      return
    }
    try {
      for (const frame of frames.push(bytes)) this.answer(frame)
    } catch (error) {
      this.finish(wordsOf(error))
      this.channel.close()
    }
  }

  private takeLines(bytes: Buffer): void {
    const lines = (this.rest + bytes.toString('latin1')).split('\n')
    this.rest = lines.pop() ?? ''
    for (const line of lines) this.onLine(line)
  }

  private answer(frame: Frame): void {
    const pending = this.pending.get(frame.id)
    if (frame.code === 'data') pending?.parts.push(frame.body)
    else {
      this.pending.delete(frame.id)
      pending?.resolve(frame)
    }
  }

  private finish(reason: string): string {
    if (this.over !== undefined) return this.over
    this.over = reason
    for (const one of this.pending.values()) one.reject(new LinkCut(reason))
    this.pending.clear()
    return reason
  }
}

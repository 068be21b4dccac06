import {setTimeout as sleep} from 'node:timers/promises'
import type {LogSpool, PluginServices} from '@service-harness/cli/plugin'
import type {Agent} from '../agent/agent.js'
import {wordsOf} from '../problem.js'
import {spoolOf} from './spools.js'
import type {RemoteState} from './state.js'

type Stream = 'stderr' | 'stdout'

const files: Readonly<Record<Stream, string>> = {stdout: 'out.log', stderr: 'err.log'}
const pieceBytes = 256 * 1024
/** So much of a file there stays, though it is here already: enough for a disk of this machine that lost what it had taken. */
const keptBytes = 8 * 1024 * 1024
const block = 4096
/** Before the next try, when this machine has no room. */
const fullPauseMs = 1000

/** Brings what a program prints there into the spool here, by byte offset: after every cut of the link, and every daemon, from where the spool ends. */
export class LogPump {
  private readonly done: Promise<void>
  private readonly stop = new AbortController()
  private isLast = false
  private dirty = true
  private ring: () => void = () => undefined
  private readonly freed: Record<Stream, number> = {stdout: 0, stderr: 0}
  private canFree = true

  constructor(
    private readonly agent: Agent,
    private readonly state: RemoteState,
    private readonly services: PluginServices,
  ) {
    this.done = services.writeSpool(spoolOf(state), (spool, signal) => this.pump(spool, signal), this.stop.signal)
    this.done.catch(() => undefined)
  }

  /** There may be more. */
  wake(): void {
    this.dirty = true
    this.ring()
  }

  /** Nothing more is printed: resolves when all of it is here, however long the way there is cut. */
  async finish(): Promise<void> {
    this.isLast = true
    this.wake()
    await this.done
  }

  close(): void {
    this.stop.abort()
    this.ring()
  }

  private async pump(spool: LogSpool, signal: AbortSignal): Promise<void> {
    const offsets = {stdout: 0, stderr: 0, ...(spool.cursor as Partial<Record<Stream, number>> | undefined)}
    const onAbort = (): void => {
      this.ring()
    }
    signal.addEventListener('abort', onAbort, {once: true})
    try {
      while (!signal.aborted) {
        const {isLast} = this
        this.dirty = false
        const taken = await this.takeAll(spool, offsets, signal)
        if (taken) continue
        if (isLast) return
        await this.change(signal)
      }
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }

  private async takeAll(spool: LogSpool, offsets: Record<Stream, number>, signal: AbortSignal): Promise<boolean> {
    let taken = false
    for (const stream of this.state.logs.merge ? (['stdout'] as const) : (['stdout', 'stderr'] as const)) {
      try {
        if (await this.take(stream, spool, offsets, signal)) taken = true
      } catch (error) {
        if (signal.aborted) return false
        this.services.log.warn('the output of a service on another machine cannot be kept', {reason: wordsOf(error)})
        await sleep(fullPauseMs, undefined, {signal}).catch(() => undefined)
        taken = true
      }
    }
    return taken
  }

  private async take(
    stream: Stream,
    spool: LogSpool,
    offsets: Record<Stream, number>,
    signal: AbortSignal,
  ): Promise<boolean> {
    const file = `${this.state.instance}/${files[stream]}`
    const {bytes, size} = await this.agent.read(file, offsets[stream], pieceBytes, signal)
    if (signal.aborted) return false
    if (size >= 0 && size < offsets[stream]) return this.cut(stream, offsets)
    if (bytes.length === 0) return false
    spool.write(stream, bytes, Date.now())
    offsets[stream] += bytes.length
    spool.commit({...offsets})
    this.free(stream, file, offsets[stream])
    return true
  }

  /** The program has opened its output anew, and cut it. */
  private cut(stream: Stream, offsets: Record<Stream, number>): true {
    this.services.log.warn('a program has cut its output, of which some may be lost: see `logs: {capture: pipe}`', {
      file: `${this.state.instance}/${files[stream]}`,
    })
    offsets[stream] = 0
    this.freed[stream] = 0
    return true
  }

  /** Gives back the room there of what is here. */
  private free(stream: Stream, file: string, offset: number): void {
    const upTo = Math.floor((offset - keptBytes) / block) * block
    if (!this.canFree || upTo - this.freed[stream] < keptBytes) return
    this.freed[stream] = upTo
    void this.agent.ask('trim', [file, String(upTo)], this.stop.signal).then(
      ({code}) => {
        if (code !== 0) this.canFree = false
      },
      () => undefined,
    )
  }

  private async change(signal: AbortSignal): Promise<void> {
    if (this.dirty || signal.aborted) return
    await new Promise<void>((resolve) => {
      this.ring = resolve
    })
  }
}

import {setTimeout as sleep} from 'node:timers/promises'
import type {PluginLog} from '@service-harness/cli/plugin'
import type {Connection} from '../connect/connection.js'
import {Observed} from '../observed.js'
import {isLasting, wordsOf} from '../problem.js'

/** How long is waited before the next try, in milliseconds. */
export interface Pauses {
  readonly first: number
  readonly longest: number
  /** Where only a person can help. */
  readonly lasting: number
}

const usualPauses: Pauses = {first: 250, longest: 15_000, lasting: 60_000}
/** A link that lives so long has been a good one: the next pause is the first again. */
const goodMs = 5000

export interface LinkOptions {
  /** For people. */
  readonly name: string
  readonly log: PluginLog
  readonly connect: (signal: AbortSignal) => Promise<Connection>
  /** Called with each new connection, before anybody else has it. */
  readonly onUp?: (connection: Connection) => void
  readonly pauses?: Pauses
}

/** Keeps one connection up from `keep` to `letGo`: what is cut is made anew, with growing pauses between what fails. */
export class Link {
  readonly reachability = new Observed<'known' | 'unknown'>('unknown')
  private connection: Connection | undefined
  private attempt: Promise<Connection> | undefined
  private lastProblem: unknown
  private keeping: AbortController | undefined
  /** Ends the pause before the next try. */
  private wake: () => void = () => undefined

  constructor(private readonly options: LinkOptions) {}

  keep(): void {
    if (this.keeping) return
    this.keeping = new AbortController()
    void this.keepUp(this.keeping.signal)
  }

  letGo(): void {
    this.keeping?.abort(new Error('the host was let go'))
    this.keeping = undefined
    this.attempt = undefined
    this.connection?.close()
    this.connection = undefined
    this.reachability.set('unknown')
  }

  /** The connection; one try when there is none, now, or the one that is under way. */
  async connect(signal: AbortSignal): Promise<Connection> {
    signal.throwIfAborted()
    return this.connection ?? (await withSignal(this.tryNow(), signal))
  }

  /** The connection, or that of the try under way. Between tries it fails at once, with what the last one has said: who asks often makes no more of them. */
  async current(signal: AbortSignal): Promise<Connection> {
    const isBetween = !this.connection && !this.attempt && this.lastProblem !== undefined
    if (isBetween) throw this.lastProblem as Error
    return await this.connect(signal)
  }

  private tryNow(): Promise<Connection> {
    if (this.attempt) return this.attempt
    if (!this.keeping) return Promise.reject(new Error('the host was let go'))
    const {signal} = this.keeping
    const attempt = this.tryOnce(signal).finally(() => {
      if (this.attempt === attempt) this.attempt = undefined
    })
    attempt.catch(() => undefined)
    this.attempt = attempt
    this.wake()
    return attempt
  }

  private async tryOnce(signal: AbortSignal): Promise<Connection> {
    try {
      const connection = await this.options.connect(signal)
      if (signal.aborted) {
        connection.close()
        signal.throwIfAborted()
      }
      this.up(connection)
      return connection
    } catch (error) {
      if (!signal.aborted) this.lastProblem = error
      throw error
    }
  }

  private up(connection: Connection): void {
    this.connection = connection
    connection.onClosed((reason) => {
      if (this.connection !== connection) return
      this.connection = undefined
      this.options.log.warn(`the link to ${this.options.name} is cut`, {reason})
      this.reachability.set('unknown')
    })
    if (this.lastProblem !== undefined) this.options.log.info(`${this.options.name} is reached again`)
    this.lastProblem = undefined
    this.options.onUp?.(connection)
    this.reachability.set('known')
  }

  private async keepUp(signal: AbortSignal): Promise<void> {
    let failures = 0
    while (!signal.aborted) {
      const begun = performance.now()
      try {
        await untilClosed(this.connection ?? (await this.tryNow()), signal)
        if (performance.now() - begun > goodMs) failures = 0
      } catch (error) {
        if (isOver(signal)) return
        if (failures === 0) this.options.log.warn(`${this.options.name} is not reached`, {reason: wordsOf(error)})
      }
      if (isOver(signal)) return
      await this.pause(this.pauseMs(failures++), signal)
    }
  }

  /** Somewhere between a half and all of it, so that those who were cut off together do not come back together. */
  private pauseMs(failures: number): number {
    const {first, longest, lasting} = this.options.pauses ?? usualPauses
    const most = isLasting(this.lastProblem) ? lasting : Math.min(longest, first * 2 ** Math.min(failures, 20))
    return most * (0.5 + Math.random() / 2)
  }

  private async pause(ms: number, signal: AbortSignal): Promise<void> {
    const early = new AbortController()
    this.wake = () => {
      early.abort()
    }
    await sleep(ms, undefined, {signal: AbortSignal.any([signal, early.signal])}).catch(() => undefined)
  }
}

function isOver(signal: AbortSignal): boolean {
  return signal.aborted
}

async function untilClosed(connection: Connection, signal: AbortSignal): Promise<void> {
  let done: () => void = () => undefined
  const over = new Promise<void>((resolve) => {
    done = resolve
  })
  signal.addEventListener('abort', done, {once: true})
  using _closed = connection.onClosed(done)
  await over
  signal.removeEventListener('abort', done)
}

/** Rejects with the reason of the signal when that comes first; what it waited for goes on. */
export async function withSignal<Value>(value: Promise<Value>, signal: AbortSignal): Promise<Value> {
  signal.throwIfAborted()
  let stop: () => void = () => undefined
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => {
      reject(signal.reason as Error)
    }
    signal.addEventListener('abort', stop, {once: true})
  })
  try {
    return await Promise.race([value, aborted])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

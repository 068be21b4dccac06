import {randomUUID} from 'node:crypto'
import {setTimeout as sleep} from 'node:timers/promises'
import type {PluginServices} from '@service-harness/cli/plugin'
import type {RemoteHost} from '../host/remote-host.js'
import {Observed} from '../observed.js'
import {isLasting, wordsOf} from '../problem.js'
import {LinkCut} from './link-cut.js'
import {openLink, type AgentLink, type Machine} from './link.js'
import type {Answer, FilePart} from './shell.js'

/** What is heard of a run. */
export interface Watcher {
  /** It has ended, with the code of a shell, so many seconds after the boot. `now` is the present in the same measure. */
  ended?(code: number, at: number, now: number): void
  /** Neither its program nor what waits for it is there, and nothing says how it ended. */
  died(): void
  /** Its logs are longer; also after each cut of the link. */
  grown?(): void
}

interface Watched {
  readonly line: string
  readonly watchers: Set<Watcher>
}

const firstPauseMs = 100
const longestPauseMs = 5000
/** Where only a person can help; the host itself is tried again meanwhile. */
const lastingPauseMs = 60_000

/** The agent on one machine, for all services there. It is kept while it is needed, and comes back by itself when the link was cut. */
export class Agent {
  readonly reachability = new Observed<'known' | 'unknown'>('known')
  private link: AgentLink | undefined
  private opening: Promise<AgentLink> | undefined
  private readonly watched = new Map<string, Watched>()
  private readonly waiting = new Set<(link: AgentLink) => void>()
  private readonly list = randomUUID()
  private readonly over = new AbortController()
  private returning = false
  private telling = false
  /** Why there is no link. */
  private trouble: unknown

  constructor(
    readonly host: RemoteHost,
    private readonly services: Pick<PluginServices, 'abortable' | 'error' | 'log' | 'shim'>,
  ) {}

  /** One try, when there is no link. Rejects with what is in its way. */
  async connect(signal: AbortSignal): Promise<Machine> {
    return (await this.linked(signal)).machine
  }

  /** Asks once there is a link, and again when it was cut meanwhile: only what may be done twice is to be asked for. */
  async ask(verb: string, words: readonly string[], signal?: AbortSignal): Promise<Answer> {
    return await this.again((link) => link.commands.ask(verb, words), signal)
  }

  /** Asks now, or not at all. */
  async askNow(verb: string, words: readonly string[], signal: AbortSignal): Promise<Answer> {
    const link = await this.linked(signal)
    try {
      return await this.services.abortable(link.commands.ask(verb, words), signal)
    } catch (error) {
      throw error instanceof LinkCut ? this.unreachable(error) : error
    }
  }

  async read(file: string, offset: number, limit: number, signal?: AbortSignal): Promise<FilePart> {
    return await this.again((link) => link.logs.read(file, offset, limit), signal)
  }

  /** `line`: number and start tick of the program, and of what waits for it or `- -`. The same for all who watch one. */
  watch(key: string, line: string, watcher: Watcher): Disposable {
    const known = this.watched.get(key) ?? {line, watchers: new Set()}
    this.watched.set(key, known)
    known.watchers.add(watcher)
    this.tellSoon()
    return {
      [Symbol.dispose]: () => {
        known.watchers.delete(watcher)
        if (known.watchers.size > 0 || this.watched.get(key) !== known) return
        this.watched.delete(key)
        this.tellSoon()
      },
    }
  }

  close(): void {
    this.over.abort(new Error('it is not needed any more'))
    if (this.link) for (const shell of shellsOf(this.link)) shell.close()
    this.link = undefined
  }

  private async linked(signal: AbortSignal): Promise<AgentLink> {
    signal.throwIfAborted()
    this.over.signal.throwIfAborted()
    if (this.link) return this.link
    this.opening ??= this.open().finally(() => {
      this.opening = undefined
    })
    return await this.services.abortable(this.opening, signal)
  }

  private async open(): Promise<AgentLink> {
    try {
      const link = await openLink({host: this.host, services: this.services}, this.over.signal)
      this.begin(link)
      return link
    } catch (error) {
      const known = error instanceof LinkCut ? this.unreachable(error) : error
      this.trouble = known
      throw known
    }
  }

  private begin(link: AgentLink): void {
    this.link = link
    this.trouble = undefined
    for (const shell of shellsOf(link)) {
      void shell.ended.then((reason) => {
        this.lose(link, reason)
      })
    }
    link.watch.onLine = (line) => {
      this.hear(line)
    }
    this.tell(link)
    link.watch.watch(this.list)
    this.reachability.set('known')
    for (const resolve of this.waiting) resolve(link)
    this.waiting.clear()
    for (const {watchers} of this.watched.values()) for (const watcher of watchers) watcher.grown?.()
  }

  private lose(link: AgentLink, reason: string): void {
    if (this.link !== link) return
    this.link = undefined
    for (const shell of shellsOf(link)) shell.close()
    if (this.over.signal.aborted) return
    this.services.log.info(`${this.host.name} cannot be asked now`, {reason})
    this.trouble = new LinkCut(reason)
    this.reachability.set('unknown')
    this.comeBack()
  }

  /** Tries again and again while somebody needs it. */
  private comeBack(): void {
    if (this.returning) return
    this.returning = true
    void this.tryAgain().finally(() => {
      this.returning = false
    })
  }

  private async tryAgain(): Promise<void> {
    const {signal} = this.over
    for (let pauseMs = firstPauseMs; this.isNeeded() && !this.link; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      try {
        await this.linked(signal)
      } catch (error) {
        if (signal.aborted) return
        this.services.log.debug(`${this.host.name} cannot be asked`, {reason: wordsOf(error)})
        await this.pause(isLasting(error) ? lastingPauseMs : pauseMs)
      }
    }
  }

  private isNeeded(): boolean {
    return !this.over.signal.aborted && (this.watched.size > 0 || this.waiting.size > 0)
  }

  /** Shorter when the host is reached meanwhile. */
  private async pause(ms: number): Promise<void> {
    const early = new AbortController()
    using _listening = this.host.reachability.onChange(() => {
      if (this.host.reachability.current === 'known') early.abort()
    })
    await sleep(ms, undefined, {signal: AbortSignal.any([early.signal, this.over.signal]), ref: false}).catch(
      () => undefined,
    )
  }

  private async again<Value>(act: (link: AgentLink) => Promise<Value>, signal?: AbortSignal): Promise<Value> {
    for (;;) {
      const link = this.link ?? (await this.whenLinked(signal))
      try {
        return await this.services.abortable(act(link), signal)
      } catch (error) {
        if (!(error instanceof LinkCut)) throw error
        this.lose(link, error.message)
      }
    }
  }

  private async whenLinked(signal: AbortSignal | undefined): Promise<AgentLink> {
    signal?.throwIfAborted()
    this.over.signal.throwIfAborted()
    let resolve: (link: AgentLink) => void = () => undefined
    const linked = new Promise<AgentLink>((settle) => {
      resolve = settle
    })
    this.waiting.add(resolve)
    this.comeBack()
    try {
      return await this.services.abortable(
        linked,
        signal ? AbortSignal.any([signal, this.over.signal]) : this.over.signal,
      )
    } finally {
      this.waiting.delete(resolve)
    }
  }

  private tellSoon(): void {
    if (this.telling) return
    this.telling = true
    setImmediate(() => {
      this.telling = false
      if (this.link) this.tell(this.link)
      else if (this.isNeeded()) this.comeBack()
    })
  }

  private tell(link: AgentLink): void {
    const lines = [...this.watched].map(([key, {line}]) => `${key} ${line}\n`)
    link.commands.ask('watch', [this.list, lines.join('')]).catch(() => undefined)
  }

  private now = 0

  private hear(line: string): void {
    const [word, key = '', code, at] = line.split(' ')
    if (word === 't') this.now = Number(key)
    const watchers = [...(this.watched.get(key)?.watchers ?? [])]
    for (const watcher of watchers) {
      if (word === 'g') watcher.grown?.()
      else if (word === 'd') watcher.died()
      else if (word === 'x') watcher.ended?.(Number(code), Number(at), this.now)
    }
  }

  private unreachable(cause: unknown): Error {
    const reason = `${this.host.name} cannot be reached: ${wordsOf(cause)}`
    return this.services.error('EXECUTOR_FAILED', {subject: 'remote', reason, cause})
  }
}

function shellsOf({commands, logs, watch}: AgentLink) {
  return [commands, logs, watch]
}

import {setTimeout as sleep} from 'node:timers/promises'
import type Docker from 'dockerode'
import type {PluginLog} from '@service-harness/cli/plugin'
import {Observed} from '../observed.js'
import type {Engine} from './engine.js'
import {isUnavailable, wordsOf} from './problem.js'

/** An event of a container, as the engine tells it. */
interface EngineEvent {
  readonly Action?: string
  readonly Actor?: {readonly ID?: string}
  readonly timeNano?: number
}

type Listener = () => void
/** As it is; its types leave the options out. */
type Ping = (options: {readonly abortSignal: AbortSignal}) => Promise<unknown>

const firstPauseMs = 200
const longestPauseMs = 5000
/** A machine that is gone says nothing: so often the engine is asked whether it is there. */
const pingMs = 5000
/** What the engine answers at once it answers within this time, or it is away. */
const promptMs = 500

/**
 * Hears from the engine what happens to containers, over one stream for all of them, and only while somebody wants to know. When the stream ends
 * what is known is unknown; once there is another one, everybody looks again, and nothing is missed: the stream begins where the last one ended.
 */
export class EngineMonitor {
  readonly reachability = new Observed<'known' | 'unknown'>('known')
  private readonly listeners = new Map<string, Set<Listener>>()
  private working: AbortController | undefined
  private lastEvent = 0
  /** Ends the pause before the next ping. */
  private wake: () => void = () => undefined

  constructor(
    private readonly engine: Engine,
    private readonly log: PluginLog,
  ) {}

  /** Somebody has a container in the engine. */
  get isWatching(): boolean {
    return this.listeners.size > 0
  }

  /** `look` is called whenever something may have happened to the container: at an event, and once after every silence. */
  watch(id: string, look: Listener): Disposable {
    const known = this.listeners.get(id) ?? new Set()
    this.listeners.set(id, known.add(look))
    if (!this.working) this.begin()
    return {
      [Symbol.dispose]: () => {
        known.delete(look)
        if (known.size === 0 && this.listeners.get(id) === known) this.listeners.delete(id)
        if (this.listeners.size === 0) this.end()
      },
    }
  }

  /** Asks the engine something that it answers at once. It is away, for all who are watched, as soon as it does not. */
  async ask<Answer>(question: (docker: Docker) => Promise<Answer>): Promise<Answer> {
    const patience = setTimeout(() => {
      this.doubt()
    }, promptMs)
    try {
      return await this.engine.ask(question)
    } catch (error) {
      if (isUnavailable(error)) this.doubt()
      throw error
    } finally {
      clearTimeout(patience)
    }
  }

  /** The next ping, which comes now, tells. */
  private doubt(): void {
    if (!this.working) return
    this.reachability.set('unknown')
    this.wake()
  }

  private begin(): void {
    const working = new AbortController()
    this.working = working
    void this.follow(working.signal)
  }

  private end(): void {
    this.working?.abort()
    this.working = undefined
    this.lastEvent = 0
    this.reachability.set('known')
  }

  private async follow(signal: AbortSignal): Promise<void> {
    let pauseMs = firstPauseMs
    while (!isOver(signal)) {
      try {
        await this.listen(signal, () => {
          pauseMs = firstPauseMs
        })
      } catch (error) {
        if (isOver(signal)) return
        if (this.reachability.current === 'known') this.log.warn('the engine is away', {reason: wordsOf(error)})
      }
      if (isOver(signal)) return
      this.reachability.set('unknown')
      await sleep(pauseMs, undefined, {signal}).catch(() => undefined)
      pauseMs = Math.min(pauseMs * 2, longestPauseMs)
    }
  }

  /** Resolves, or rejects, when the stream is over. */
  private async listen(signal: AbortSignal, onOpen: () => void): Promise<void> {
    const over = new AbortController()
    const stop = (): void => {
      over.abort()
    }
    signal.addEventListener('abort', stop, {once: true})
    // A machine that is gone does not refuse either.
    const patience = setTimeout(stop, 2 * longestPauseMs)
    try {
      const stream = await this.engine.ask((docker) => docker.getEvents(this.query(over.signal)))
      clearTimeout(patience)
      const beat = this.heartbeat(over)
      onOpen()
      if (this.reachability.current === 'unknown') this.log.info('the engine is back')
      this.reachability.set('known')
      // What happened before the stream began stands in what the engine says of each.
      this.tellAll()
      for await (const event of eventsIn(stream as AsyncIterable<Buffer>)) this.tell(event)
      stop()
      await beat
    } finally {
      clearTimeout(patience)
      signal.removeEventListener('abort', stop)
      stop()
    }
  }

  private query(abortSignal: AbortSignal): Docker.GetEventsOptions {
    const filters = {type: ['container'], event: ['die', 'destroy', 'health_status', 'oom', 'start']}
    const since = this.lastEvent === 0 ? {} : {since: (this.lastEvent / 1e9).toFixed(9)}
    return {filters, ...since, abortSignal} as unknown as Docker.GetEventsOptions
  }

  /** Ends the stream when the engine has not answered once in time. */
  private async heartbeat(over: AbortController): Promise<void> {
    while (await this.paused(over.signal)) {
      if (await this.ping()) this.reachability.set('known')
      else over.abort()
    }
  }

  /** Until it is time for the next ping. `false`: the signal aborted. */
  private async paused(signal: AbortSignal): Promise<boolean> {
    const early = new AbortController()
    this.wake = () => {
      early.abort()
    }
    const either = AbortSignal.any([signal, early.signal])
    await sleep(pingMs, undefined, {signal: either}).catch(() => undefined)
    return !signal.aborted
  }

  private async ping(): Promise<boolean> {
    const silence = new AbortController()
    const ping = this.engine
      .ask((docker) => (docker.ping as Ping).call(docker, {abortSignal: silence.signal}))
      .then(
        () => true,
        () => false,
      )
    const answered = await Promise.race([ping, sleep(pingMs, false, {ref: false})])
    silence.abort()
    return answered
  }

  private tell({Actor, timeNano}: EngineEvent): void {
    this.lastEvent = Math.max(this.lastEvent, timeNano ?? 0)
    for (const look of this.listeners.get(Actor?.ID ?? '') ?? []) look()
  }

  private tellAll(): void {
    for (const looks of this.listeners.values()) for (const look of looks) look()
  }
}

function isOver(signal: AbortSignal): boolean {
  return signal.aborted
}

/** One JSON value in each line. */
async function* eventsIn(stream: AsyncIterable<Buffer>): AsyncGenerator<EngineEvent> {
  let rest = ''
  for await (const chunk of stream) {
    const lines = (rest + chunk.toString('utf8')).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line.trim() !== '') yield JSON.parse(line) as EngineEvent
  }
}

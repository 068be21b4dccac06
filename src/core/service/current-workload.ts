import {setMaxListeners} from 'node:events'
import {isoTime, steadyNow, type Clock} from '../base/clock.js'
import type {ExitStatus} from '../contract/command.js'
import type {ProbeReport, ServiceStatus} from '../contract/status.js'
import type {WorkloadHandle} from '../contract/workload.js'
import {watchAttempt, type AttemptWatch, type AttemptWatchOptions} from './attempt-watch.js'

type Reports = Pick<AttemptWatchOptions, 'onDead' | 'onExit' | 'onHealth' | 'onOutputs'>

/** The workload of a service that runs now, what watches it, and the last word of its health check. */
export class CurrentWorkload {
  private running:
    {readonly handle: WorkloadHandle; readonly watch: AttemptWatch; readonly parts: readonly Disposable[]} | undefined
  private life = new AbortController()
  private lastProbe: ServiceStatus['health'] = null
  private lastSeen: number | null = null
  /** By the steady clock. */
  private began = 0

  constructor(
    private readonly clock: Clock,
    private readonly onChange: () => void,
  ) {}

  get handle(): WorkloadHandle | undefined {
    return this.running?.handle
  }

  /** How long it has run, in milliseconds, whatever became of the wall clock. */
  get uptimeMs(): number | undefined {
    return this.running && Math.max(0, steadyNow(this.clock) - this.began)
  }

  /** Aborts once what runs now has ended, or is let go of. */
  get gone(): AbortSignal {
    return this.life.signal
  }

  /** `null` without a health check, and before its first answer. */
  get probe(): ServiceStatus['health'] {
    return this.lastProbe
  }

  /** When it was last seen, in milliseconds since the epoch; `null` for one that was found again, until it has not said that it ended. */
  get seenAt(): number | null {
    return this.lastSeen
  }

  /** Watches a workload that has begun, and lets go of what stands `beside` it with it. What is reported later counts only while it is still this one. */
  attach(
    options: Omit<AttemptWatchOptions, 'clock' | 'onProbe' | keyof Reports> & {readonly fresh: boolean},
    reports: Reports,
    beside: readonly Disposable[] = [],
  ): void {
    const {handle, fresh} = options
    const whileCurrent =
      <Args extends readonly unknown[]>(report: (...args: Args) => void) =>
      (...args: Args): void => {
        if (this.running?.handle === handle) report(...args)
      }
    this.lastProbe = null
    this.began = steadyNow(this.clock) - (this.clock.now() - handle.startedAt)
    this.lastSeen = fresh ? this.clock.now() : null
    let ended = false
    const watch = watchAttempt({
      ...options,
      clock: this.clock,
      onProbe: whileCurrent(({ok, message}) => {
        this.lastProbe = {ok, message, at: isoTime(this.clock.now())}
        if (this.lastSeen !== null) this.lastSeen = this.clock.now()
        this.onChange()
      }),
      onHealth: whileCurrent(reports.onHealth),
      onExit: whileCurrent((status) => {
        ended = true
        reports.onExit(status)
      }),
      onDead: whileCurrent(reports.onDead),
      onOutputs: whileCurrent(reports.onOutputs),
    })
    this.life = new AbortController()
    setMaxListeners(0, this.life.signal)
    const reachability = handle.reachability?.onChange(this.onChange)
    this.running = {handle, watch, parts: [watch, ...(reachability ? [reachability] : []), ...beside]}
    this.onChange()
    if (fresh) return
    // One that ended while no daemon was there says so at once.
    const seen = whileCurrent(() => {
      this.lastSeen = this.clock.now()
      this.onChange()
    })
    setImmediate(() => {
      if (!ended) seen()
    })
  }

  /** What its checks answer now; `undefined` when nothing runs. */
  async check(signal: AbortSignal): Promise<readonly ProbeReport[] | undefined> {
    const {running} = this
    const reports = await running?.watch.check(signal)
    return this.running === running ? reports : undefined
  }

  /** Ends what runs, or what `find` comes up with, and lets go of it. Answers how it ended, where something did. */
  async end(
    stop: (handle: WorkloadHandle) => Promise<ExitStatus>,
    find: () => Promise<WorkloadHandle | undefined>,
  ): Promise<ExitStatus | undefined> {
    const running = this.handle
    const handle = running ?? (await find())
    const status = handle && (await stop(handle))
    if (running === undefined) handle?.release()
    this.letGo()
    return status
  }

  /** Stops watching; the workload goes on. */
  letGo(): void {
    for (const part of this.running?.parts ?? []) part[Symbol.dispose]()
    this.running = undefined
    this.lastProbe = null
    this.lastSeen = null
    this.life.abort()
  }
}

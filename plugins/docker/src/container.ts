import {setTimeout as sleep} from 'node:timers/promises'
import type {ContainerInspectInfo} from 'dockerode'
import type {EngineHealth, PluginServices, StopOptions} from '@service-harness/cli/plugin'
import type {Engine} from './engine/engine.js'
import type {EngineMonitor} from './engine/monitor.js'
import {isMissing, statusOf, wordsOf} from './engine/problem.js'
import type {Ended} from './exit-file.js'
import {exitStatus} from './exit-status.js'
import {Observed} from './observed.js'
import {isAnother, isRunning} from './run-of.js'

export interface ContainerParts {
  readonly engine: Engine
  readonly monitor: EngineMonitor
  readonly services: PluginServices
}

/** Not running: what it was to be killed for is done. */
const notRunning = 409

/** One container that runs, or has ended, as it is watched. */
export class Container implements Disposable {
  readonly health: Observed<EngineHealth> | undefined
  /** Resolves once it has ended, and `settle` has dealt with that. Never rejects. */
  readonly ended: Promise<Ended>
  private readonly watching: Disposable
  private resolve: (ended: Ended) => void = () => undefined
  private looking = false
  private again = false
  private isOver = false
  private politely = false

  constructor(
    readonly info: ContainerInspectInfo,
    private readonly parts: ContainerParts,
    private readonly end: {
      /** How it ended, where that is written down. */
      readonly known: () => Promise<Ended | undefined>
      /** What comes before anybody hears of the end. When it rejects it is tried again once the engine has something to say. */
      readonly settle: (ended: Ended) => Promise<void>
    },
  ) {
    const health = healthOf(info)
    this.health = health && new Observed(health)
    this.ended = new Promise((resolve) => {
      this.resolve = resolve
    })
    this.watching = parts.monitor.watch(info.Id, () => {
      this.look()
    })
    this.look()
  }

  get id(): string {
    return this.info.Id
  }

  get startedAt(): number {
    return Date.parse(this.info.State.StartedAt)
  }

  /** Asks it to end, then forces. Resolves once it has. */
  async stop({graceMs, signal}: StopOptions): Promise<Ended> {
    if (!this.politely && graceMs > 0) await this.askToEnd(signal ?? stopSignalOf(this.info))
    const over = new AbortController()
    const inTime = await Promise.race([
      this.ended.then(() => true),
      sleep(graceMs, false, {signal: over.signal}).catch(() => false),
    ])
    over.abort()
    if (!inTime) await this.kill('SIGKILL')
    this.look()
    return await this.ended
  }

  /** Once, unless the engine could not be told. */
  private async askToEnd(signal: string): Promise<void> {
    this.politely = true
    try {
      await this.kill(signal)
    } catch (error) {
      this.politely = false
      throw error
    }
  }

  /** `false`: it does not run. */
  async kill(signal: string): Promise<boolean> {
    if (this.isOver) return false
    try {
      await this.parts.engine.ask((docker) => docker.getContainer(this.id).kill({signal}))
      return true
    } catch (error) {
      if (isMissing(error) || statusOf(error) === notRunning) return false
      throw error
    }
  }

  /** For those that are not ours to stop: nobody looks after it any more, and it runs on. */
  letGo(): void {
    const {startedAt} = this
    this.over({status: {by: 'lost', reason: 'harness let go of it'}, at: Date.now(), startedAt})
  }

  [Symbol.dispose](): void {
    this.watching[Symbol.dispose]()
  }

  /** One look at a time; what happens meanwhile is looked at after it. */
  private look(): void {
    if (this.isOver) return
    this.again = true
    if (this.looking) return
    this.looking = true
    void this.lookAll().finally(() => {
      this.looking = false
    })
  }

  private async lookAll(): Promise<void> {
    while (this.again && !this.isOver) {
      this.again = false
      try {
        const ended = await this.inspect()
        if (ended) await this.finish(ended)
      } catch (error) {
        // The engine is away: the monitor says when it is back.
        this.parts.services.log.debug('a container could not be looked at', {id: this.id, reason: wordsOf(error)})
      }
    }
  }

  /** How it ended; `undefined` while it runs. */
  private async inspect(): Promise<Ended | undefined> {
    const {startedAt} = this
    try {
      const info = await this.parts.engine.ask((docker) => docker.getContainer(this.id).inspect())
      const health = healthOf(info)
      if (health && this.health && isOther(health, this.health.current)) this.health.set(health)
      if (isAnother(info, startedAt)) {
        return {status: {by: 'lost', reason: 'somebody else started its container anew'}, at: Date.now(), startedAt}
      }
      if (isRunning(info) || info.State.Status === 'created') return undefined
      return {status: exitStatus(info.State, this.parts.services), at: Date.parse(info.State.FinishedAt), startedAt}
    } catch (error) {
      if (!isMissing(error)) throw error
      const known = await this.end.known()
      return known ?? {status: {by: 'lost', reason: 'somebody else removed the container'}, at: Date.now(), startedAt}
    }
  }

  private async finish(ended: Ended): Promise<void> {
    await this.end.settle(ended)
    this.over(ended)
  }

  private over(ended: Ended): void {
    if (this.isOver) return
    this.isOver = true
    this[Symbol.dispose]()
    this.resolve(ended)
  }
}

function healthOf({State}: ContainerInspectInfo): EngineHealth | undefined {
  const {Health} = State
  if (!Health || Health.Status === 'none') return undefined
  const said = Health.Log.at(-1)?.Output.trim() ?? ''
  const state = Health.Status === 'healthy' || Health.Status === 'unhealthy' ? Health.Status : 'starting'
  return {state, message: said === '' ? `the health check of its image says ${Health.Status}` : said.slice(0, 500)}
}

/** That of its image. The library's types do not know of it. */
function stopSignalOf({Config}: ContainerInspectInfo): string {
  const {StopSignal} = Config as {readonly StopSignal?: string}
  return StopSignal ?? 'SIGTERM'
}

function isOther(one: EngineHealth, other: EngineHealth): boolean {
  return one.state !== other.state || one.message !== other.message
}

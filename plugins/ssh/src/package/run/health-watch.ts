import {setTimeout as sleep} from 'node:timers/promises'
import type {EngineHealth, Observable} from '@service-harness/cli/plugin'
import type {HealthRecipe} from '../manifest.js'
import type {HealthAnswer} from './ask-health.js'

export type AskHealth = (signal: AbortSignal) => Promise<HealthAnswer>

/** A program is asked from when somebody wants to know until it is disposed of. */
export class HealthWatch implements Observable<EngineHealth>, Disposable {
  private now: EngineHealth
  private readonly listeners = new Set<() => void>()
  private readonly over = new AbortController()
  private begun = false

  constructor(
    private readonly health: HealthRecipe,
    private readonly ask: AskHealth,
    private readonly isReachable: () => boolean,
    /** What is known of it already. */
    first: EngineHealth = {state: 'starting', message: 'not asked yet'},
  ) {
    this.now = first
  }

  get current(): EngineHealth {
    return this.now
  }

  onChange(listener: () => void): Disposable {
    this.listeners.add(listener)
    if (!this.begun) void this.watch()
    this.begun = true
    return {[Symbol.dispose]: () => this.listeners.delete(listener)}
  }

  [Symbol.dispose](): void {
    this.over.abort()
    this.listeners.clear()
  }

  private async watch(): Promise<void> {
    const {signal} = this.over
    let failures = 0
    try {
      while (!signal.aborted) {
        const {startIntervalMs, intervalMs, retries} = this.health
        const pauseMs = this.now.state === 'healthy' ? intervalMs : Math.min(startIntervalMs, intervalMs)
        await sleep(pauseMs, undefined, {signal, ref: false})
        const {ok, message} = await this.ask(signal)
        // Nobody is to blame for what is asked while nothing leads there.
        if (!ok && !this.isReachable()) continue
        failures = ok ? 0 : failures + 1
        if (ok) this.set({state: 'healthy', message})
        else if (failures >= retries || this.now.state === 'unhealthy') this.set({state: 'unhealthy', message})
      }
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }

  private set(next: EngineHealth): void {
    const isSame = next.state === this.now.state && next.message === this.now.message
    this.now = next
    if (!isSame) for (const listener of [...this.listeners]) listener()
  }
}

interface Trying {
  readonly signal: AbortSignal
  /** Resolves, with how, when the program has ended. */
  readonly ended: Promise<string>
  readonly say: (message: string) => void
}

/** Asks until it is healthy, has ended, or its time is over. Answers why it is not healthy; `undefined`: it is. */
export async function untilHealthy(health: HealthRecipe, ask: AskHealth, trying: Trying): Promise<string | undefined> {
  const over = new AbortController()
  const late = AbortSignal.timeout(health.startupTimeoutMs)
  const signal = AbortSignal.any([trying.signal, over.signal, late])
  let last = 'it was not asked'
  const asking = async (): Promise<undefined> => {
    for (;;) {
      const {ok, message} = await ask(signal)
      if (ok) return undefined
      last = message
      trying.say(message)
      await sleep(health.startIntervalMs, undefined, {signal})
    }
  }
  const inTime = asking().catch(() => {
    trying.signal.throwIfAborted()
    return `was not healthy within ${health.startupTimeoutMs / 1000} s: ${last}`
  })
  try {
    return await Promise.race([inTime, trying.ended.then((how) => `ended before it was healthy (${how})`)])
  } finally {
    over.abort()
    inTime.catch(() => undefined)
  }
}

/** A package without a check counts as healthy when it still runs after this time. */
const settledMs = 1000

export async function untilSettled({signal, ended}: Trying): Promise<string | undefined> {
  const over = new AbortController()
  const running = sleep(settledMs, undefined, {signal: AbortSignal.any([signal, over.signal])})
  running.catch(() => undefined)
  try {
    return await Promise.race([running.then(() => undefined), ended.then((how) => `ended at once (${how})`)])
  } finally {
    over.abort()
  }
}

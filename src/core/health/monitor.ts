import {anySignal} from '../base/any-signal.js'
import type {Clock} from '../base/clock.js'
import {withDeadline} from '../base/deadline.js'
import {formatDuration} from '../base/duration.js'
import {messageOf} from '../base/errors.js'
import {SerialQueue} from '../base/serial-queue.js'
import type {Probe} from '../contract/probe.js'
import {describeCheck, type Mask} from './probe.js'
import type {ProbeResult, TimedResult} from './probe-result.js'
import {countResult, type HealthChange, type HealthPhase, type HealthTally} from './thresholds.js'

export interface HealthMonitorOptions {
  readonly clock: Clock
  /** Asks once. It must end soon after its signal aborts; as long as it does not, nothing is asked again. */
  readonly run: (signal: AbortSignal) => Promise<ProbeResult>
  readonly onResult: (result: TimedResult) => void
  /** Hears every answer, also those of `askNow`. */
  readonly onAsked?: (result: TimedResult) => void
  /** Comes after `onResult` of the same result. */
  readonly onChange: (change: HealthChange, result: ProbeResult) => void
  /** What is known already, for a service that was found again. @default 'starting' */
  readonly phase?: HealthPhase
  /**
   * `readiness`: failures count once it has been healthy. `liveness`: they count from the end of the start period on.
   * @default 'readiness'
   */
  readonly purpose?: 'liveness' | 'readiness'
  /** A failure of a check that began at `since`, by the monotonic clock, counts for nothing: what it needs was away. @default never */
  readonly isExcused?: (since: number) => boolean
  /** Takes secrets out of how the check is named. @default leaves them */
  readonly mask?: Mask | undefined
  /** @default Math.random */
  readonly random?: () => number
}

export interface HealthMonitor extends Disposable {
  /** Asks once more, beside the rhythm: it is answered and changes nothing. `undefined` when the monitor ends, or the signal aborts, before. */
  askNow(signal: AbortSignal): Promise<TimedResult | undefined>
}

/**
 * Asks at once while starting, then every start interval; every interval once it has been healthy. Intervals count from the end of one
 * probe to the next. The first wait of either rhythm is a random part of it, so that many services do not ask on the same tick.
 * Disposing it kills the probe that runs and ends all callbacks.
 */
export function monitorHealth(probe: Probe, options: HealthMonitorOptions): HealthMonitor {
  const life = new AbortController()
  const ask = asker(probe, options)
  void watch(probe, {...options, ask}, life.signal)
  return {
    async askNow(signal) {
      using either = anySignal(life.signal, signal)
      return (await ask(either.signal))?.result
    },
    [Symbol.dispose]() {
      life.abort()
    },
  }
}

const soonMs = 1000

interface Answer {
  readonly result: TimedResult
  /** When what failed began: an earlier probe, where that has not ended. */
  readonly began: number
}

type Ask = (signal: AbortSignal) => Promise<Answer | undefined>

async function watch(
  probe: Probe,
  options: HealthMonitorOptions & {readonly ask: Ask},
  signal: AbortSignal,
): Promise<void> {
  const judge = counter(probe, options)
  const pace = pacer(probe, options.random ?? Math.random)
  const first = judge.phase() === 'starting' ? 0 : pace(judge.phase())
  // What was found again is asked soon, but not all of it at once: its health is not known yet.
  let delay = options.phase === undefined ? first : Math.min(first, soonMs)
  while (await waited(options.clock, delay, signal)) {
    const answer = await options.ask(signal)
    if (answer === undefined) return
    const {result} = answer
    options.onResult(result)
    if (stopped(signal)) return
    const change = judge.count(answer)
    if (change !== undefined) options.onChange(change, result)
    delay = pace(judge.phase())
  }
}

/** Counts results, but for the failures that are excused. */
function counter(probe: Probe, {clock, purpose, phase, isExcused = () => false}: HealthMonitorOptions) {
  const excusedUntil = purpose === 'liveness' ? clock.monotonic() + probe.startPeriodMs : -Infinity
  let tally: HealthTally = {phase: phase ?? (purpose === 'liveness' ? 'healthy' : 'starting'), streak: 0}
  return {
    phase: () => tally.phase,
    count({result, began}: Answer): HealthChange | undefined {
      if (!result.ok && (clock.monotonic() < excusedUntil || isExcused(began))) return undefined
      const counted = countResult(tally, result.ok, probe)
      tally = counted.tally
      return counted.change
    },
  }
}

/** How long to wait until the next probe. The first wait of a rhythm is a random part of it. */
function pacer(probe: Probe, random: () => number): (phase: HealthPhase) => number {
  let last: number | undefined
  return (phase) => {
    const rhythm = phase === 'starting' ? probe.startIntervalMs : probe.intervalMs
    const delay = rhythm === last ? rhythm : rhythm * random()
    last = rhythm
    return delay
  }
}

/** Asks once under the time limit; `undefined` when the signal aborts before. Never asks while an earlier probe still runs. */
function asker(probe: Probe, {clock, run, onAsked, mask}: HealthMonitorOptions): Ask {
  const shown = describeCheck(probe.check, mask)
  const turns = new SerialQueue()
  let busySince: number | undefined
  const once = async (limit: AbortSignal): Promise<ProbeResult> => {
    busySince = clock.monotonic()
    try {
      return await run(limit)
    } finally {
      busySince = undefined
    }
  }
  const onTimeout = (): Error => new Error(`${shown}: no answer within ${formatDuration(probe.timeoutMs)}`)
  const ask: Ask = async (signal) => {
    if (stopped(signal)) return undefined
    if (busySince !== undefined) {
      const message = `${shown}: the probe before this one has not ended yet`
      return {result: {ok: false, message, durationMs: 0}, began: busySince}
    }
    const began = clock.monotonic()
    const timed = ({ok, message}: ProbeResult): Answer | undefined => {
      if (stopped(signal)) return undefined
      const result = {ok, message, durationMs: Math.round(clock.monotonic() - began)}
      onAsked?.(result)
      return {result, began}
    }
    try {
      return timed(await withDeadline(once, {clock, ms: probe.timeoutMs, onTimeout, signal}))
    } catch (error) {
      return timed({ok: false, message: messageOf(error)})
    }
  }
  return (signal) => turns.run(() => ask(signal))
}

/** A call, because the signal may have changed since the compiler last saw it. */
function stopped(signal: AbortSignal): boolean {
  return signal.aborted
}

async function waited(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  return clock.sleep(ms, signal).then(
    () => true,
    () => false,
  )
}

import type {Clock} from '../base/clock.js'
import {formatDuration} from '../base/duration.js'
import {isHarnessError} from '../base/errors.js'
import type {Executor, StartContext, StartRequest} from '../contract/executor.js'
import type {WorkloadHandle} from '../contract/workload.js'
import {blame, type Blame} from './blame.js'
import {facade} from './facade.js'
import {guardHandle} from './guard-handle.js'
import {patience} from './patience.js'
import type {PluginSource} from './plugin-source.js'
import {checkHandle, checkSaved} from './plugin-shape.js'

/** How long a start may say nothing before that is said for it, and before it is given up. */
const quietMs = 10_000
const silentMs = 300_000
/** How long an executor may take for a short answer. `recover` is asked again, and its caller waits for 5 s. */
const answerMs = 4000

/**
 * An executor of a user plugin as the host uses it. Whatever it throws names the plugin; what never settles is given up, so that nobody waits
 * for ever: at once where the host has lost interest, later where something may be left of it.
 */
export function guardExecutor(executor: Executor, source: PluginSource, clock: Clock): Executor {
  const by = blame(source, 'EXECUTOR_FAILED', executor.kind)
  const wait = patience(by, clock)
  const guarded = (handle: WorkloadHandle): WorkloadHandle => guardHandle(checkHandle(by, handle), {by, wait})
  const quick = (signal: AbortSignal) => ({ms: answerMs, signal})
  return facade(executor, by, {
    fingerprint: (look) => (signal) => wait('fingerprint', quick(signal), look),
    intent: (intent) => (request) => checkSaved(by, () => intent(request)),
    start: () => async (request, context) => guarded(await start(executor, {request, context, by, clock})),
    recover: (recover) => async (saved, signal) => {
      const find = (limit: AbortSignal) => recover(saved, limit)
      const found = await wait('recover', {...quick(signal), onLate: release}, find)
      return found && guarded(found)
    },
    seat: (seat) => (spec, of) => by.sync('seat', () => seat(spec, of)),
    whyNotInLayers: (why) => (spec) => by.sync('whyNotInLayers', () => why(spec)),
    networks: (networks) => (signal) => wait('networks', quick(signal), networks),
  })
}

interface Start {
  readonly request: StartRequest
  readonly context: StartContext
  readonly by: Blame
  readonly clock: Clock
}

/** A start may take as long as it says something, until it is taken back: then as long as ending what it began may take. */
async function start(executor: Executor, {request, context, by, clock}: Start): Promise<WorkloadHandle> {
  const silence = new AbortController()
  const signal = AbortSignal.any([context.signal, silence.signal])
  using quiet = watchQuiet(clock, [
    [
      quietMs,
      () => {
        context.progress(`start has said nothing for ${formatDuration(quietMs)}, in ${by.who}`)
      },
    ],
    [
      silentMs,
      () => {
        silence.abort(by.error(`start has said nothing for ${formatDuration(silentMs)}`))
      },
    ],
  ])
  const progress = (message: string): void => {
    quiet.heard()
    context.progress(message)
  }
  const begun = by.async('start', () => executor.start(request, {signal, progress}))
  return await Promise.race([begun, givenUp(request, {signal, by, clock, begun})])
}

type Step = readonly [ms: number, act: () => void]

/** Acts after each of these times without a word. */
function watchQuiet(clock: Clock, steps: readonly Step[]): Disposable & {readonly heard: () => void} {
  let timers: readonly Disposable[] = []
  const end = (): void => {
    for (const timer of timers) timer[Symbol.dispose]()
  }
  const heard = (): void => {
    end()
    timers = steps.map(([ms, act]) => clock.after(ms, act))
  }
  heard()
  return {heard, [Symbol.dispose]: end}
}

interface Begun extends Pick<Start, 'by' | 'clock'> {
  readonly signal: AbortSignal
  readonly begun: Promise<WorkloadHandle>
}

/** Rejects once a start that was taken back has had its time. What it brings after that is ended. */
function givenUp({graceMs}: StartRequest, {signal, by, clock, begun}: Begun): Promise<never> {
  const ms = graceMs + answerMs
  return new Promise((_, reject) => {
    const wait = (): void => {
      const timer = clock.after(ms, () => {
        const {reason} = signal as {reason: unknown}
        const late = by.error(`start was taken back and did not settle within ${formatDuration(ms)}`)
        reject(isHarnessError(reason) && reason.code === late.code ? reason : late)
        begun.then(endLate, () => undefined)
      })
      const stop = (): void => {
        timer[Symbol.dispose]()
      }
      begun.then(stop, stop)
    }
    if (signal.aborted) wait()
    else signal.addEventListener('abort', wait, {once: true})
    const forget = (): void => {
      signal.removeEventListener('abort', wait)
    }
    begun.then(forget, forget)
  })
}

/** Nobody waits for it, or could do anything about its failure. */
function endLate(handle: WorkloadHandle): void {
  Promise.resolve()
    .then(() => handle.stop({graceMs: 0}))
    .finally(() => {
      release(handle)
    })
    .catch(() => undefined)
}

function release(handle: WorkloadHandle | undefined): void {
  handle?.release()
}

import type {Clock} from '../../base/clock.js'
import {withDeadline} from '../../base/deadline.js'
import {messageOf} from '../../base/errors.js'
import type {Log} from '../../base/log.js'
import type {DaemonEvent} from '../../protocol/notifications.js'
import type {Handle} from '../../transport/connection.js'
import type {StackNames} from './stack-names.js'
import type {StackSpans} from './stack-spans.js'
import {readTraceWish} from './trace-wish.js'
import {whyNotLoaded} from './why-not-loaded.js'

export interface DaemonTracesOptions {
  readonly version: string
  /** Tells this daemon from others of the same name. */
  readonly instance: string
  readonly clock: Clock
  readonly log: Log
  readonly names: StackNames
  /** Masks secrets. */
  readonly redact: (text: string) => string
}

/** The daemon's end waits no longer for a collector. */
const longestFlushMs = 1000

/** Spans of what a daemon does. Nothing is loaded for them, and nothing noted, unless `open` finds that somebody wants them. */
export class DaemonTraces implements AsyncDisposable {
  private spans: StackSpans | undefined
  private flush: (() => Promise<void>) | undefined

  constructor(private readonly options: DaemonTracesOptions) {}

  /** Begins when the OTEL_* variables want it. What stands in the way is logged, and the daemon goes on without. */
  async open(env: Readonly<Record<string, string | undefined>>): Promise<void> {
    const wish = readTraceWish(env)
    if (wish.kind === 'off') return
    const {log} = this.options
    if (wish.kind === 'refused') {
      log.warn('no spans are exported', {reason: wish.reason, hint: wish.hint})
      return
    }
    try {
      const [{openTracing}, {StackSpans}] = await Promise.all([import('./open-tracing.js'), import('./stack-spans.js')])
      const tracing = await openTracing({...this.options, ...wish})
      this.spans = new StackSpans({...this.options, tracer: tracing.tracer})
      this.flush = () => tracing.close()
      log.info('spans are exported', {collector: wish.collector, protocol: wish.protocol})
    } catch (error) {
      log.warn('no spans are exported', whyNotLoaded(error))
    }
  }

  happened = (event: DaemonEvent): void => {
    this.spans?.happened(event)
  }

  /** The same, with a span for each request that does something. */
  around(handle: Handle): Handle {
    return (method, params, call) =>
      this.spans ? this.spans.requests.answer(handle, method, params, call) : handle(method, params, call)
  }

  /** Ends what is open and hands it over, if the collector takes it in time. */
  async [Symbol.asyncDispose](): Promise<void> {
    const {spans, flush} = this
    this.spans = undefined
    this.flush = undefined
    if (!spans || !flush) return
    spans.interrupt()
    const {clock, log} = this.options
    const onTimeout = (): Error => new Error('the collector did not take them in time')
    try {
      await withDeadline(flush, {clock, ms: longestFlushMs, onTimeout})
    } catch (error) {
      log.warn('the last spans were not exported', {error: messageOf(error)})
    }
  }
}

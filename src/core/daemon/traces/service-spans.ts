import type {Attributes, SpanContext} from '@opentelemetry/api'
import type {ServiceStatus} from '../../contract/status.js'
import type {DaemonEvent} from '../../protocol/notifications.js'
import type {LifecycleEvent} from '../../service/lifecycle.js'
import type {OpenSpans} from './open-spans.js'
import {nodeKey, type Parents} from './parents.js'
import type {StackNames} from './stack-names.js'

type ServiceEvent = Extract<DaemonEvent, {readonly topic: 'service.state'}>
type SpanName = 'service.restart' | 'service.start' | 'service.stop'

/** What an event means for the span that is open, and which one it opens; in this order. */
interface Meaning {
  /** Opens one when none is: an earlier daemon saw its beginning. */
  readonly goesOn?: SpanName
  readonly mark?: string
  readonly end?: 'cancelled' | 'done' | 'failed' | 'ready' | 'stopped'
  readonly begin?: SpanName
}

/** What is missing here happens while nothing begins or ends. */
const meanings: Readonly<Partial<Record<LifecycleEvent, Meaning>>> = {
  start: {begin: 'service.start'},
  adopt: {begin: 'service.start'},
  readyNeedsSetup: {mark: 'ready'},
  setupBegin: {mark: 'setup begins'},
  setupDone: {mark: 'set up'},
  ready: {mark: 'ready', end: 'ready'},
  released: {end: 'ready'},
  exitedDone: {end: 'done'},
  exitedFinal: {end: 'failed'},
  timeout: {end: 'failed'},
  setupFailed: {end: 'failed'},
  exitedRetry: {end: 'failed', begin: 'service.restart'},
  restart: {end: 'cancelled', begin: 'service.restart'},
  relaunch: {goesOn: 'service.restart', mark: 'relaunch'},
  giveUp: {end: 'failed'},
  stop: {end: 'cancelled', begin: 'service.stop'},
  stopped: {end: 'stopped'},
  stopFailed: {end: 'failed'},
}

/** The spans of services, made of the moves of their lives. */
export class ServiceSpans {
  /** How each came up last: what a later restart by itself goes back to. */
  private readonly cameUp = new Map<string, SpanContext>()

  constructor(
    private readonly spans: OpenSpans,
    private readonly parents: Parents,
    private readonly names: StackNames,
  ) {}

  happened(event: ServiceEvent): void {
    const {stack, service, status} = event
    const key = nodeKey(stack, 'service', service)
    const at = new Date(event.time)
    const meaning: Meaning = meanings[event.event as LifecycleEvent] ?? {}
    if (meaning.goesOn && !this.spans.has(key)) this.begin(meaning.goesOn, key, event)
    if (meaning.mark !== undefined) this.spans.mark(key, meaning.mark, at, {'harness.attempt': status.attempt})
    if (meaning.end !== undefined) this.end(meaning.end, key, event)
    if (meaning.begin) this.begin(meaning.begin, key, event)
  }

  forget(stack: string, service: string): void {
    this.cameUp.delete(nodeKey(stack, 'service', service))
  }

  private begin(name: SpanName, key: string, {time, stack, service, status}: ServiceEvent): void {
    const known = this.names.find(stack)
    const executor = this.names.executor(stack, service)
    const reason = this.spans.text(status.reason)
    const before = this.cameUp.get(key)
    const isRestart = name === 'service.restart'
    this.spans.begin(key, name, {
      at: new Date(time),
      parent: this.parents.parentOf(key),
      links: isRestart && before ? [{context: before}] : [],
      attributes: {
        'harness.stack': stack,
        ...(known && {'harness.stack.name': known.name}),
        'harness.service': service,
        ...(executor !== undefined && {'harness.executor': executor}),
        'harness.attempt': status.attempt,
        ...(isRestart && {...exitAttributes(status), ...(reason !== undefined && {'harness.reason': reason})}),
      },
    })
  }

  private end(outcome: NonNullable<Meaning['end']>, key: string, {time, event, status}: ServiceEvent): void {
    const failed = outcome === 'failed'
    const ended = this.spans.end(key, new Date(time), {
      outcome,
      ...(failed && {failure: event, reason: status.reason, attributes: exitAttributes(status)}),
    })
    if (ended && outcome === 'ready') this.cameUp.set(key, ended.spanContext())
  }
}

export function exitAttributes({exit}: Pick<ServiceStatus, 'exit'>): Attributes {
  return {
    ...(exit !== null && exit.code !== null && {'process.exit.code': exit.code}),
    ...(exit !== null && exit.signal !== null && {'harness.exit.signal': exit.signal}),
  }
}

import {ROOT_CONTEXT, SpanKind, trace, type Attributes, type Context} from '@opentelemetry/api'
import type {Clock} from '../../base/clock.js'
import {isHarnessError, messageOf} from '../../base/errors.js'
import type {JsonObject} from '../../base/json.js'
import type {FailureReport, StartOutcome} from '../../contract/status.js'
import type {MethodName} from '../../protocol/methods.js'
import type {PlannedStep} from '../../protocol/notifications.js'
import type {Call, Handle} from '../../transport/connection.js'
import type {OpenSpans, SpanEnd} from './open-spans.js'
import {nodeKey, type Parents} from './parents.js'
import type {StackNames} from './stack-names.js'
import {callerContext} from './trace-parent.js'

/** Requests that do something to services and tasks, by the name of their span. */
const spanNames: Readonly<Partial<Record<MethodName, string>>> = {
  'service.start': 'stack.start',
  'service.restart': 'stack.restart',
  'service.stop': 'stack.stop',
  'service.scale': 'stack.scale',
  'task.run': 'stack.task',
  'action.invoke': 'action.invoke',
}

export interface RequestSpansParts {
  readonly spans: OpenSpans
  readonly parents: Parents
  readonly names: StackNames
  readonly clock: Clock
}

/** The spans of requests. While one is open, those of what its plan names are its children. */
export class RequestSpans {
  private count = 0

  constructor(private readonly parts: RequestSpansParts) {}

  /** Answers a request, with a span when it is one that has some. */
  answer(handle: Handle, method: MethodName, params: JsonObject, call: Call): unknown {
    const name = spanNames[method]
    return name === undefined ? handle(method, params, call) : this.answerWithin(name, handle, {method, params, call})
  }

  private async answerWithin(
    name: string,
    handle: Handle,
    {method, params, call}: {readonly method: MethodName; readonly params: JsonObject; readonly call: Call},
  ): Promise<unknown> {
    const {spans, clock} = this.parts
    const key = String((this.count += 1))
    const now = (): Date => new Date(clock.now())
    const request = spans.begin(key, name, {
      at: now(),
      parent: callerContext(params['env']),
      kind: SpanKind.SERVER,
      attributes: {'rpc.method': method, ...this.attributesOf(params)},
    })
    using claims = new Claims(this.parts.parents, trace.setSpan(ROOT_CONTEXT, request))
    const stack = this.stackOf(params)
    if (stack !== undefined && method === 'service.scale') claims.services(stack, this.replicasOf(stack, params))
    try {
      const result = await handle(
        method,
        params,
        watched(call, (plan) => {
          if (stack !== undefined) claims.plan(stack, plan)
        }),
      )
      spans.end(key, now(), endOf(result))
      return result
    } catch (error) {
      const failure = isHarnessError(error) ? error.code : 'INTERNAL'
      spans.end(key, now(), {outcome: 'failed', failure, reason: messageOf(error)})
      throw error
    }
  }

  private stackOf({stack}: JsonObject): string | undefined {
    return typeof stack === 'string' ? this.parts.names.find(stack)?.id : undefined
  }

  private replicasOf(stack: string, {service}: JsonObject): readonly string[] {
    return typeof service === 'string' ? this.parts.names.replicas(stack, service) : []
  }

  /** Names alone: what else a request carries may be secret. */
  private attributesOf(params: JsonObject): Attributes {
    const {stack, service, services, task, action} = params
    const known = typeof stack === 'string' ? this.parts.names.find(stack) : undefined
    return {
      ...(known && {'harness.stack': known.id, 'harness.stack.name': known.name}),
      ...(typeof service === 'string' && {'harness.service': service}),
      ...(Array.isArray(services) && services.length > 0 && {'harness.services': services.map(String)}),
      ...(typeof task === 'string' && {'harness.task': task}),
      ...(typeof action === 'string' && {'harness.action': action}),
    }
  }
}

/** What one request is about. */
class Claims implements Disposable {
  private readonly made: Disposable[] = []

  constructor(
    private readonly parents: Parents,
    private readonly request: Context,
  ) {}

  services(stack: string, names: readonly string[]): void {
    this.claim(names.map((name) => nodeKey(stack, 'service', name)))
  }

  plan(stack: string, steps: readonly PlannedStep[]): void {
    const touched = steps.filter(({action}) => action !== 'keep')
    this.claim(touched.map(({kind, name}) => nodeKey(stack, kind, name)))
  }

  [Symbol.dispose](): void {
    for (const claim of this.made) claim[Symbol.dispose]()
  }

  private claim(keys: readonly string[]): void {
    this.made.push(this.parents.claim(keys, this.request))
  }
}

function watched(call: Call, onPlan: (plan: readonly PlannedStep[]) => void): Call {
  return {
    ...call,
    progress(payload) {
      if ('plan' in payload) onPlan(payload.plan)
      call.progress(payload)
    },
  }
}

type Outcome = Partial<Pick<StartOutcome, 'blocked' | 'failed'> & {readonly failure: FailureReport | null}>

/** A request that was answered has failed when something of it has; why stands at the span of that. */
function endOf(result: unknown): SpanEnd {
  const {failed = [], blocked = [], failure = null} = (result ?? {}) as Outcome
  const all = failure ? [failure, ...failed] : failed
  const words = [...all.map(({name}) => `${name} failed`), ...blocked.map(({name}) => `${name} is blocked`)]
  if (words.length === 0) return {outcome: 'done'}
  return {outcome: 'failed', failure: all[0]?.code ?? 'SERVICE_BLOCKED', reason: words.join(', ')}
}

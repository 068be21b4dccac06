import {
  SpanStatusCode,
  type Attributes,
  type Context,
  type Link,
  type Span,
  type SpanKind,
  type Tracer,
} from '@opentelemetry/api'

/** How something came out. */
export interface SpanEnd {
  readonly outcome: string
  /** A word for what went wrong, from a closed list; missing when nothing did. */
  readonly failure?: string
  readonly reason?: string | null
  readonly attributes?: Attributes
}

export interface SpanBegin {
  readonly at: Date
  readonly parent: Context
  readonly kind?: SpanKind
  readonly attributes: Attributes
  readonly links?: readonly Link[]
}

/** Reasons are for people, and a backend takes only so much. */
const longestReason = 1000

/** Spans of things that happen to one another in turn: at most one for each key is open. */
export class OpenSpans {
  private readonly open = new Map<string, Span>()

  constructor(
    private readonly tracer: Tracer,
    /** Masks secrets. */
    private readonly redact: (text: string) => string,
  ) {}

  has(key: string): boolean {
    return this.open.has(key)
  }

  begin(key: string, name: string, {at, parent, links = [], ...options}: SpanBegin): Span {
    const span = this.tracer.startSpan(name, {...options, startTime: at, links: [...links]}, parent)
    this.open.set(key, span)
    return span
  }

  /** Does nothing when none is open, as `end`. */
  mark(key: string, event: string, at: Date, attributes: Attributes): void {
    this.open.get(key)?.setAttributes(attributes).addEvent(event, at)
  }

  /** Answers what has ended. */
  end(key: string, at: Date, {outcome, failure, reason, attributes = {}}: SpanEnd): Span | undefined {
    const span = this.open.get(key)
    if (!span) return undefined
    this.open.delete(key)
    span.setAttributes({...attributes, 'harness.outcome': outcome})
    if (failure !== undefined) {
      const message = this.text(reason)
      span.setAttribute('error.type', failure)
      span.setStatus({code: SpanStatusCode.ERROR, ...(message !== undefined && {message})})
    }
    span.end(at)
    return span
  }

  endAll(at: Date, end: SpanEnd): void {
    for (const key of [...this.open.keys()]) this.end(key, at, end)
  }

  /** What may leave of a text that somebody else wrote. */
  text(reason: string | null | undefined): string | undefined {
    return reason === null || reason === undefined ? undefined : this.redact(reason).slice(0, longestReason)
  }
}

import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'
import {buffer} from 'node:stream/consumers'

/** A span as a collector has got it. */
export interface ReceivedSpan {
  readonly name: string
  readonly traceId: string
  readonly spanId: string
  /** Empty: it has no parent. */
  readonly parentSpanId: string
  readonly attributes: Readonly<Record<string, unknown>>
  readonly events: readonly string[]
  /** 2: an error. */
  readonly status: {readonly code: number; readonly message?: string}
  readonly links: readonly string[]
  readonly startMs: number
  readonly endMs: number
  readonly resource: Readonly<Record<string, unknown>>
}

export interface ReceivedRequest {
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

/** A collector for tests: takes OTLP over HTTP, and understands the JSON of it. */
export class OtlpReceiver implements AsyncDisposable {
  readonly requests: ReceivedRequest[] = []
  /** What it answers with; `undefined`: it does not answer. */
  status: number | undefined = 200

  private constructor(private readonly server: Server) {}

  static async make(port = 0): Promise<OtlpReceiver> {
    const server = createServer()
    const receiver = new OtlpReceiver(server)
    server.on('request', (request: IncomingMessage, response: ServerResponse) => void receiver.take(request, response))
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    return receiver
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port
  }

  get address(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** In the order in which they came. */
  get spans(): readonly ReceivedSpan[] {
    return this.requests.flatMap(({body}) => spansIn(JSON.parse(body.toString()) as Export))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve))
    this.server.closeAllConnections()
    await closed
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const {url = '', headers} = request
    this.requests.push({url, headers, body: await buffer(request)})
    if (this.status !== undefined) response.writeHead(this.status, {'content-type': 'application/json'}).end('{}')
  }
}

interface Value {
  readonly stringValue?: string
  readonly intValue?: number | string
  readonly boolValue?: boolean
  readonly arrayValue?: {readonly values: readonly Value[]}
}
type Attributes = readonly {readonly key: string; readonly value: Value}[]

interface Export {
  readonly resourceSpans: readonly {
    readonly resource: {readonly attributes: Attributes}
    readonly scopeSpans: readonly {readonly spans: readonly ExportedSpan[]}[]
  }[]
}

interface ExportedSpan extends Pick<ReceivedSpan, 'name' | 'spanId' | 'status' | 'traceId'> {
  readonly parentSpanId?: string
  readonly attributes: Attributes
  readonly events: readonly {readonly name: string}[]
  readonly links: readonly {readonly spanId: string}[]
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
}

function spansIn({resourceSpans}: Export): readonly ReceivedSpan[] {
  return resourceSpans.flatMap(({resource, scopeSpans}) =>
    scopeSpans.flatMap(({spans}) =>
      spans.map((span) => ({
        ...span,
        parentSpanId: span.parentSpanId ?? '',
        attributes: read(span.attributes),
        events: span.events.map(({name}) => name),
        links: span.links.map(({spanId}) => spanId),
        startMs: Number(BigInt(span.startTimeUnixNano) / 1_000_000n),
        endMs: Number(BigInt(span.endTimeUnixNano) / 1_000_000n),
        resource: read(resource.attributes),
      })),
    ),
  )
}

function read(attributes: Attributes): Readonly<Record<string, unknown>> {
  return Object.fromEntries(attributes.map(({key, value}) => [key, valueOf(value)]))
}

function valueOf({stringValue, intValue, boolValue, arrayValue}: Value): unknown {
  if (arrayValue) return arrayValue.values.map(valueOf)
  return stringValue ?? boolValue ?? Number(intValue)
}

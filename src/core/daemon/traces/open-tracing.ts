import {hostname} from 'node:os'
import type {Tracer} from '@opentelemetry/api'
import {defaultResource, detectResources, envDetector, resourceFromAttributes} from '@opentelemetry/resources'
import {BasicTracerProvider, BatchSpanProcessor, type SpanExporter} from '@opentelemetry/sdk-trace-base'
import type {Log} from '../../base/log.js'
import {tellOutages} from './tell-outages.js'
import type {TraceProtocol} from './trace-wish.js'

export interface Tracing {
  readonly tracer: Tracer
  /** Exports what has ended. Takes as long as the collector does. */
  close(): Promise<void>
}

export interface TracingOptions {
  readonly protocol: TraceProtocol
  readonly collector: string
  readonly version: string
  /** Tells this daemon from others of the same name. */
  readonly instance: string
  readonly log: Log
}

/** A tracer that exports in batches, as the OTEL_* variables of this process say. Loads the SDK: import this module lazily. */
export async function openTracing({protocol, collector, version, instance, log}: TracingOptions): Promise<Tracing> {
  const exporter = tellOutages(await createExporter(protocol), log, collector)
  const own = resourceFromAttributes({
    'service.name': 'harness',
    'service.version': version,
    'service.instance.id': instance,
    'host.name': hostname(),
  })
  const resource = defaultResource()
    .merge(own)
    .merge(detectResources({detectors: [envDetector]}))
  const provider = new BasicTracerProvider({resource, spanProcessors: [new BatchSpanProcessor(exporter)]})
  return {tracer: provider.getTracer('harness', version), close: () => provider.shutdown()}
}

async function createExporter(protocol: TraceProtocol): Promise<SpanExporter> {
  const {OTLPTraceExporter} =
    protocol === 'http/json'
      ? await import('@opentelemetry/exporter-trace-otlp-http')
      : await import('@opentelemetry/exporter-trace-otlp-proto')
  return new OTLPTraceExporter()
}

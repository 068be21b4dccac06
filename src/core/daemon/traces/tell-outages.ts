import type {SpanExporter} from '@opentelemetry/sdk-trace-base'
import {messageOf} from '../../base/errors.js'
import type {Log} from '../../base/log.js'

/** An exporter that says once when its collector takes nothing any more, and once when it does again. */
export function tellOutages(exporter: SpanExporter, log: Log, collector: string): SpanExporter {
  let failing = false
  const tell = (error: Error | undefined): void => {
    if (failing === (error !== undefined)) return
    failing = error !== undefined
    if (error)
      log.warn('spans could not be exported; more of this is not told until they are', {
        collector,
        error: inWords(error),
      })
    else log.info('spans are exported again', {collector})
  }
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        tell(result.error)
        done(result)
      })
    },
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
    shutdown: () => exporter.shutdown(),
  }
}

/** What a collector answers is its own affair: its status says enough. */
function inWords(error: Error): string {
  const {code} = error as Error & {readonly code?: unknown}
  const message = messageOf(error)
  if (typeof code === 'number') return `${code} ${message}`.trim()
  return message === '' ? String(code) : message
}

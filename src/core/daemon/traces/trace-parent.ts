import {isSpanContextValid, ROOT_CONTEXT, trace, type Context} from '@opentelemetry/api'
import {isJsonObject} from '../../base/json.js'

/** The span that a caller's environment says it works for (`TRACEPARENT`, as W3C Trace Context writes it); none when it says none. */
export function callerContext(env: unknown): Context {
  const text = isJsonObject(env) ? env['TRACEPARENT'] : undefined
  const parts = typeof text === 'string' ? /^00-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})$/.exec(text.trim()) : null
  if (!parts) return ROOT_CONTEXT
  const [, traceId = '', spanId = '', flags = ''] = parts
  const context = {traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true}
  return isSpanContextValid(context) ? trace.setSpanContext(ROOT_CONTEXT, context) : ROOT_CONTEXT
}

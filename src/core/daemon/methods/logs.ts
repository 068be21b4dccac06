import {anySignal} from '../../base/any-signal.js'
import type {LogLine} from '../../contract/log.js'
import type {Call, Handlers} from '../../transport/connection.js'
import type {DaemonContext} from '../context.js'

/** A client with this much waiting is not read for: a stalled reader costs nothing. */
const mostWaitingBytes = 256 * 1024
/** Text of one message, but for a single line that is longer. */
const messageChars = 128 * 1024

export function logMethods({stacks}: DaemonContext): Pick<Handlers, 'logs.read'> {
  return {
    async 'logs.read'({stack: reference, services, tail, attempts, follow}, call) {
      const stack = stacks.find(reference)
      using either = anySignal(call.signal, call.connection.closed)
      const {signal} = either
      const names = services.length > 0 ? stack.resolve(services) : stack.names
      let lines = 0
      for await (const batch of stack.logs.read({names, tail, attempts, follow, signal})) {
        for (const part of parts(batch)) await send(part, call, signal)
        lines += batch.length
      }
      return {lines}
    },
  }
}

async function send(lines: readonly LogLine[], call: Call, signal: AbortSignal): Promise<void> {
  if (call.connection.bufferedBytes >= mostWaitingBytes) await call.connection.drained(mostWaitingBytes, signal)
  call.notify('$/log', {lines})
}

function* parts(lines: readonly LogLine[]): Generator<readonly LogLine[]> {
  let part: LogLine[] = []
  let size = 0
  for (const line of lines) {
    if (part.length > 0 && size + line.text.length > messageChars) {
      yield part
      part = []
      size = 0
    }
    part.push(line)
    size += line.text.length
  }
  if (part.length > 0) yield part
}

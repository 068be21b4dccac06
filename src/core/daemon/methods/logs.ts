import {anySignal} from '../../base/any-signal.js'
import {HarnessError} from '../../base/errors.js'
import type {LogLine, LogPosition} from '../../contract/log.js'
import {linePattern, PatternError, selectMatching} from '../../process/log/line-pattern.js'
import type {ParamsOf} from '../../protocol/methods.js'
import type {LogWish} from '../../stack/stack-logs.js'
import type {Call, Handlers} from '../../transport/connection.js'
import type {DaemonContext} from '../context.js'

/** A client with this much waiting is not read for: a stalled reader costs nothing. */
const mostWaitingBytes = 256 * 1024
/** Text of one message, but for a single line that is longer. */
const messageChars = 128 * 1024

type Params = ParamsOf<'logs.read'>

export function logMethods({stacks}: DaemonContext): Pick<Handlers, 'logs.read'> {
  return {
    async 'logs.read'(params, call) {
      const {stack: reference, services, tail, attempts, follow, after} = params
      const stack = stacks.find(reference)
      using either = anySignal(call.signal, call.connection.closed)
      const {signal} = either
      const names = (): readonly string[] => stack.logNames(services)
      const limits = {...timesOf(params), select: await selectOf(params)}
      const onBegin = (begin: readonly LogPosition[]): void => {
        call.notify('$/log', {lines: [], begin})
      }
      let lines = 0
      const wish: LogWish = {names, tail, attempts, follow, after, ...limits, signal, onBegin}
      for await (const batch of stack.logs.read(wish)) {
        for (const part of parts(batch)) await send(part, call, signal)
        lines += batch.length
      }
      return {lines}
    },
  }
}

function timesOf({since, until, follow}: Params): Pick<LogWish, 'since' | 'until'> {
  const times = {since: timeOf(since), until: timeOf(until)}
  if (until !== undefined && follow) throw invalid('params/until: it cannot stand beside follow')
  if (times.since !== undefined && times.until !== undefined && times.since > times.until) {
    throw invalid('params/until: it is before since')
  }
  return times
}

function timeOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Date.parse(text)
}

async function selectOf({grep}: Params): Promise<LogWish['select']> {
  try {
    return grep === undefined ? undefined : selectMatching(await linePattern(grep))
  } catch (error) {
    if (error instanceof PatternError) throw invalid(`params/grep: not a pattern of RE2: ${error.message}`)
    throw error
  }
}

function invalid(reason: string): HarnessError {
  return new HarnessError('REQUEST_INVALID', {subject: 'logs.read', reason})
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

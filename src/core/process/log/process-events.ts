import {anySignal} from '../../base/any-signal.js'
import {isoTime} from '../../base/clock.js'
import type {EventStream, SubscribeOptions} from '../../base/event-stream.js'
import type {ProcessEvent} from '../../contract/command.js'
import type {LogSource} from '../../contract/log.js'
import type {WorkloadEventsOptions} from '../../contract/services.js'
import {abortable} from '../abortable.js'
import {createMailbox, type Mailbox} from './mailbox.js'
import {readLines} from './read-lines.js'

/**
 * The lines of logs, then the end, as events. Every subscriber reads the files for itself, from the same positions and as fast as it
 * likes, so that nobody misses an event and nothing is kept in memory.
 */
export function processEvents(options: WorkloadEventsOptions): EventStream<ProcessEvent> {
  const subscribe = ({signal}: SubscribeOptions = {}): AsyncIterableIterator<ProcessEvent> => {
    const over = new AbortController()
    const mailbox = createMailbox<ProcessEvent>()
    const either = anySignal(over.signal, options.signal, signal)
    const any = either.signal
    const close = (): void => {
      mailbox.close()
      either[Symbol.dispose]()
    }
    any.addEventListener('abort', close, {once: true})
    if (any.aborted) close()
    const pumped = pump(options, mailbox, any)
    pumped.then(close, close)
    const iterator: AsyncIterableIterator<ProcessEvent> = {
      async next() {
        const value = await mailbox.take()
        if (value === undefined && !any.aborted) await pumped
        return value === undefined ? {done: true, value} : {done: false, value}
      },
      return() {
        over.abort()
        return Promise.resolve({done: true, value: undefined})
      },
      [Symbol.asyncIterator]: () => iterator,
    }
    return iterator
  }
  return {subscribe, [Symbol.asyncIterator]: () => subscribe()}
}

/** The lines of one log from a position on, until `signal` aborts. */
export function followEvents(source: LogSource, signal: AbortSignal, offset = 0): EventStream<ProcessEvent> {
  return processEvents({logs: [{source, from: offset}], signal})
}

async function pump(
  options: WorkloadEventsOptions,
  mailbox: Mailbox<ProcessEvent>,
  signal: AbortSignal,
): Promise<void> {
  const ended = new AbortController()
  const end = (): void => {
    ended.abort()
  }
  const {ended: whole} = options
  const last = whole && abortable(whole, signal)
  last?.then(end, end)
  await Promise.all(
    options.logs.map(async ({source, from}) => {
      for await (const {lines} of readLines(source, {from, follow: true, ended: ended.signal, signal})) {
        for (const {text, time} of lines) {
          await mailbox.put({kind: 'line', at: isoTime(time.at), stream: source.stream, text})
        }
      }
    }),
  )
  const exit = await last
  if (exit && !signal.aborted) await mailbox.put({kind: 'exited', at: isoTime(exit.at), status: exit.status})
}

import type {LogLine} from '../../contract/log.js'
import type {CallOptions} from '../client.js'
import {createLogCursor} from '../log-cursor.js'
import {follow, type Following, type FollowOptions, type Session} from './follow.js'
import type {Line} from './line.js'

export interface LogsOptions extends FollowOptions {
  /** A stack's id, its name where that is unique, or the absolute path of its file. */
  readonly stack: string
  /** Services and tasks. @default all of the stack */
  readonly services?: readonly string[]
  /** Only the last lines at first; `null`: all that are kept. @default null */
  readonly tail?: number | null
  /** Of the last start of each service, or of all that are kept. @default 'last' */
  readonly attempts?: 'all' | 'last'
  /** Go on with what comes, also of services and replicas that come later. @default false */
  readonly follow?: boolean
  /** Only lines printed at or after this time, RFC 3339 with its zone: `new Date(…).toISOString()`. */
  readonly since?: string
  /** Only lines printed before this time, written likewise. Not with `follow`. */
  readonly until?: string
  /** Only lines in which this regular expression is found, in the syntax of RE2. */
  readonly grep?: string
}

/** The lines of a stack in the order of their time, each once, over as many connections as it takes. A line with `gap` says that output was lost there. */
export type Logs = Following<LogLine>

export function followLogs(line: Line, options: LogsOptions): Logs {
  const cursor = createLogCursor()
  const {stack, services = [], tail = null, attempts = 'last', follow: isLive = false} = options
  const wish = {stack, services, follow: isLive, ...filterOf(options)}
  return follow<LogLine>(line, options, async (session) => {
    const after = cursor.positions()
    const range = after ? ({tail: null, attempts: 'all', after} as const) : {tail, attempts}
    const {client, signal} = session
    const onLog: OnLog = (lines, begin) => {
      cursor.note(lines, begin)
      for (const each of lines) session.push(each)
      holdBack(session)
    }
    await client.call('logs.read', {...wish, ...range}, {signal, onLog})
    return true
  })
}

type OnLog = NonNullable<CallOptions['onLog']>

function filterOf({since, until, grep}: LogsOptions): Pick<LogsOptions, 'grep' | 'since' | 'until'> {
  return {
    ...(since === undefined ? {} : {since}),
    ...(until === undefined ? {} : {until}),
    ...(grep === undefined ? {} : {grep}),
  }
}

/** The daemon reads no faster than we do: nothing piles up on either side. */
function holdBack({client, isFull, emptied}: Session<LogLine>): void {
  if (!isFull()) return
  client.pause()
  void emptied().then(() => {
    client.resume()
  })
}

import {methods, type InitializeResult, type MethodName, type ResultOf} from '../../protocol/methods.js'
import type {CallOptions, ChannelMethod, Client, OpenOptions} from '../client.js'
import {call, open} from './call.js'
import type {Topic} from '../../protocol/topics.js'
import {followEvents, type EventOptions, type Events} from './events.js'
import {Line, type LineOptions} from './line.js'
import {followLogs, type Logs, type LogsOptions} from './logs.js'
import type {Callable, Given, Nouns, Verbs} from './types.js'
import type {ParamsOf} from '../../protocol/methods.js'

/**
 * A daemon, as `client.noun.verb(params, options)`: one function for each method of docs/protocol.md. A connection that is lost is made again,
 * and what was asked for is asked again; nothing is done twice. Disposing it, or `close()`, ends the conversation, not what was asked for.
 */
export interface HarnessClient extends Omit<Nouns, 'logs'>, AsyncDisposable {
  /** What the daemon said of itself, the last time that we met it. */
  readonly hello: InitializeResult
  /** `unix:/path` or `wss://host:port`. */
  readonly address: string
  /**
   * What happens, as an async iterable that goes on when the connection or the daemon is away: each event once and in order; where that
   * cannot be, a snapshot with `gap: true`. Rejects when the daemon stays away.
   */
  events<Wanted extends Topic = Topic>(options?: EventOptions<Wanted>): Events<Wanted>
  /** The output of services and tasks, as an async iterable that goes on when the connection or the daemon is away. */
  readonly logs: Verbs<'logs'> & ((options: LogsOptions) => Logs)
  /** A method by its name, with the same defaults as the functions. */
  call<Name extends Callable>(name: Name, params: Given<ParamsOf<Name>>, options?: CallOptions): Promise<ResultOf<Name>>
  /** Ends the conversation. */
  close(): Promise<void>
}

/** A client on the way that `options.dial` makes, with its first conversation. */
export function createClient(first: Client, options: LineOptions): HarnessClient {
  const line = new Line(first, options)
  const nouns = nounsOf(line)
  const close = (): Promise<void> => line[Symbol.asyncDispose]()
  return {
    ...nouns,
    get hello() {
      return line.last.hello
    },
    get address() {
      return line.last.address
    },
    events: <Wanted extends Topic>(wish: EventOptions<Wanted> = {}) => followEvents(line, wish),
    logs: Object.assign((wish: LogsOptions) => followLogs(line, wish), nouns.logs),
    call: (name, params, callOptions) => call(line, name, params, callOptions),
    close,
    [Symbol.asyncDispose]: close,
  }
}

function nounsOf(line: Line): Nouns {
  const nouns: Record<string, Record<string, unknown>> = {}
  for (const name of Object.keys(methods) as MethodName[]) {
    const [noun = '', verb] = name.split('.')
    if (verb === undefined || noun === 'events') continue
    const verbs = (nouns[noun] ??= {})
    verbs[verb] = isChannelMethod(name)
      ? (params: object, options: OpenOptions) => open(line, name, params, options)
      : (params?: object, options?: CallOptions) => call(line, name, params, options)
  }
  return nouns as unknown as Nouns
}

function isChannelMethod(name: MethodName): name is ChannelMethod {
  return methods[name].channel === true
}

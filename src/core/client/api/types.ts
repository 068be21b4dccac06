import type {MethodName, ParamsOf, ResultOf} from '../../protocol/methods.js'
import type {CallOptions, ChannelMethod, OpenCall, OpenOptions} from '../client.js'

/**
 * The methods of the protocol as functions, `client.noun.verb(params, options)`. What is not given is filled in where the method has it:
 * `requestId` with a new one, `env` with `process.env`, `services` with none, which means all of the stack. A method with a channel answers what
 * is open as soon as it is asked for, and is never asked again.
 */
export type Verbs<Noun extends string> = {
  readonly [Name in Callable as Name extends `${Noun}.${infer Verb}` ? Verb : never]: Name extends ChannelMethod
    ? (params: Given<ParamsOf<Name>>, options: OpenOptions) => Promise<OpenCall<ResultOf<Name>>>
    : (...args: Arguments<Given<ParamsOf<Name>>>) => Promise<ResultOf<Name>>
}

export type Nouns = {readonly [Noun in NounOf<Callable>]: Verbs<Noun>}

type NounOf<Name extends string> = Name extends `${infer Noun}.${string}` ? Noun : never

/** The subscription belongs to `client.events`, and `initialize` to the conversation. */
export type Callable = Exclude<MethodName, 'initialize' | `events.${string}`>

/** What a caller has to give of a method's parameters. */
export type Given<Params> = Params extends Nothing
  ? Params
  : Omit<Params, keyof Filled> & {readonly [Key in keyof Filled & keyof Params]?: Filled[Key]}

type Nothing = Record<string, never>

interface Filled {
  readonly requestId: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly services: readonly string[]
}

type Arguments<Params> = Params extends Nothing
  ? [params?: Params, options?: CallOptions]
  : [params: Params, options?: CallOptions]

import type {Json} from '../../base/json.js'
import type {Action} from '../../contract/action.js'
import type {HarnessClient} from './create.js'

export interface ActionOptions<Event = Json> {
  /** Hears what the action emits, in the form of its type. */
  readonly onEvent?: (event: Event) => void
  /** Hears one line after the other about how it gets on. */
  readonly onMessage?: (message: string) => void
  /** Gives it up when it takes longer, in milliseconds: ACTION_FAILED. @default no limit */
  readonly timeoutMs?: number
  /** Ends it. */
  readonly signal?: AbortSignal
  /** The same key twice is done once; the second caller has the answer of the first. @default a new one */
  readonly requestId?: string
}

/** Calls one action: ACTION_INPUT_INVALID, SERVICE_NOT_RUNNING, ACTION_FAILED. */
export type ActionCall<Input, Output, Event = Json> = (input: Input, options?: ActionOptions<Event>) => Promise<Output>

/** The actions of a service type as functions, by their names: of `typeof anvil`, where `anvil` is the type as its plugin exports it. */
export type ActionsOf<Type> = Type extends {readonly actions?: infer Table}
  ? {
      readonly [Name in keyof NonNullable<Table>]: NonNullable<Table>[Name] extends Action<
        never,
        infer Input,
        infer Output,
        infer Event
      >
        ? ActionCall<Input, Output, Event>
        : never
    }
  : never

/** Where nothing is said of the type. */
export interface UntypedActions {
  readonly actions: Readonly<Record<string, Action<never, Json, Json>>>
}

/** A service whose actions are meant. */
export interface ActionSubject {
  readonly stack: string
  readonly service: string
}

/**
 * The actions of a service, as functions. Without a type every name is one, from JSON to JSON: a service without such an action answers
 * ACTION_UNKNOWN.
 */
export function actionsOf<Type = UntypedActions>(client: HarnessClient, subject: ActionSubject): ActionsOf<Type> {
  const call =
    (action: string): ActionCall<Json, Json> =>
    async (input, options = {}) => {
      const {timeoutMs, requestId, signal, onEvent, onMessage} = options
      const {output} = await client.action.invoke(
        {
          ...{stack: subject.stack, service: subject.service, action, input},
          ...(timeoutMs !== undefined && {timeoutMs}),
          ...(requestId !== undefined && {requestId}),
        },
        {
          ...(signal && {signal}),
          onProgress(progress) {
            if ('event' in progress) onEvent?.(progress.event)
            else if ('message' in progress) onMessage?.(progress.message)
          },
        },
      )
      return output
    }
  return new Proxy(Object.freeze({}), {
    // Whoever awaits the table itself asks for `then`.
    get: (_table, name) => (typeof name === 'string' && name !== 'then' ? call(name) : undefined),
  }) as ActionsOf<Type>
}

import type {Json} from '../../base/json.js'
import type {ActionDescription} from '../../contract/action.js'
import {method, type Mutation, type OfStack} from '../method.js'
import {
  anything,
  array,
  count,
  described,
  name,
  object,
  optional,
  ref,
  requestId,
  stackReference,
  string,
} from '../schema-parts.js'

export const actionMethods = {
  'action.list': method<
    OfStack & {readonly service?: string},
    {readonly actions: readonly (ActionDescription & {readonly service: string})[]}
  >({
    summary:
      'What can be done with the services of a stack, or with one of them: the actions of their types, with their schemas.',
    since: 1,
    params: object({stack: stackReference(), service: optional(name())}),
    result: object({actions: array(ref('ServiceAction'))}),
  }),
  'action.invoke': method<
    OfStack &
      Mutation & {
        readonly service: string
        readonly action: string
        readonly input: Json
        /** No limit when it is left out. */
        readonly timeoutMs?: number
      },
    {
      readonly output: Json
      /** Left out because the client read too slowly. */
      readonly lostEvents: number
    }
  >({
    summary:
      'Carries out an action of a service that runs and answers its output; what it emits comes as $/progress. Ends with `$/cancelRequest`, after `timeoutMs`, or when the service ends; goes on when the client leaves.',
    since: 1,
    repeatable: 'sameDaemon',
    params: object({
      stack: stackReference(),
      service: name(),
      action: string(),
      input: described("As the action's `input` schema wants it", anything()),
      timeoutMs: optional(described('No limit when it is left out', ref('Milliseconds'))),
      requestId: requestId(),
    }),
    result: object({
      output: described("As the action's `output` schema has it", anything()),
      lostEvents: described('Left out because the client read too slowly', count()),
    }),
  }),
} as const

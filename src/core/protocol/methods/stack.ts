import type {StackDefinition} from '../../contract/stack.js'
import {method, type Mutation, type OfStack} from '../method.js'
import {
  array,
  described,
  environment,
  name,
  object,
  optional,
  path,
  ref,
  requestId,
  stackReference,
  string,
} from '../schema-parts.js'

export interface StackSummary {
  readonly stack: string
  readonly name: string
  readonly file: string
  readonly running: number
  readonly total: number
  /** The entry of `environments` that was laid over its file. */
  readonly environment?: string
  /** The stack that its file is now; it is still known by the name of before. */
  readonly renamedTo?: string
}

export const stackMethods = {
  'stack.load': method<Mutation & {readonly definition: StackDefinition}, {readonly stack: string}>({
    summary:
      'Checks a stack definition and makes it known. Changes nothing that runs. Problems come back as CONFIG_INVALID with diagnostics.',
    since: 1,
    params: object({definition: ref('StackDefinition'), requestId: requestId()}),
    result: object({stack: string()}),
  }),
  'stack.loadFile': method<
    Mutation & {
      /** Absolute, where the daemon is. */
      readonly file: string
      readonly env: Readonly<Record<string, string>>
      readonly environment?: string
    },
    {readonly stack: string}
  >({
    summary:
      'Reads a stack file where the daemon is, as `harness start -c FILE` does, and makes the stack known. Changes nothing that runs. Problems come back as CONFIG_INVALID with diagnostics, a file that is not there as CONFIG_NOT_FOUND.',
    since: 1,
    params: object({
      file: described('Absolute', path()),
      env: described(
        'Variables for the `${NAME}` in the file; those of the `.env` file beside it stand below them',
        environment(),
      ),
      environment: optional(described('The entry of `environments` to lay over the file', name())),
      requestId: requestId(),
    }),
    result: object({stack: string()}),
  }),
  'stack.forget': method<OfStack & Mutation, {readonly stack: string; readonly name: string; readonly file: string}>({
    summary:
      'Forgets a stack of which nothing runs: its definition, its histories, its logs, what its tasks gave. STACK_IN_USE otherwise.',
    since: 1,
    params: object({stack: stackReference(), requestId: requestId()}),
    result: object({stack: string(), name: name(), file: path()}),
  }),
  'stack.list': method<Record<string, never>, {readonly stacks: readonly StackSummary[]}>({
    summary: 'The stacks that the daemon knows.',
    since: 1,
    params: object({}),
    result: object({stacks: array(ref('StackSummary'))}),
  }),
} as const

import type {StackDefinition} from '../../contract/stack.js'
import {method, type Mutation} from '../method.js'
import {array, object, ref, requestId, string} from '../schema-parts.js'

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
  'stack.list': method<Record<string, never>, {readonly stacks: readonly StackSummary[]}>({
    summary: 'The stacks that the daemon knows.',
    since: 1,
    params: object({}),
    result: object({stacks: array(ref('StackSummary'))}),
  }),
} as const

import type {FailureReport, TaskStatus} from '../../contract/status.js'
import {given, method, type Caller, type Mutation, type OfStack} from '../method.js'
import {array, boolean, name, nullable, object, ref, requestId, stackReference} from '../schema-parts.js'

export const taskMethods = {
  'task.list': method<OfStack, {readonly tasks: readonly TaskStatus[]}>({
    summary: 'The tasks of a stack and how they stand.',
    since: 1,
    params: object({stack: stackReference()}),
    result: object({tasks: array(ref('TaskStatus'))}),
  }),
  'task.run': method<
    OfStack & Mutation & Caller & {readonly task: string; readonly force: boolean},
    {readonly task: TaskStatus; readonly failure: FailureReport | null}
  >({
    summary: 'Runs a task once, with what it depends on; skipped when it is complete, unless forced.',
    since: 1,
    params: object({
      stack: stackReference(),
      task: name(),
      force: boolean(),
      ...given(),
      requestId: requestId(),
    }),
    result: object({task: ref('TaskStatus'), failure: nullable(ref('FailureReport'))}),
  }),
} as const

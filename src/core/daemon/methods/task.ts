import type {Handlers} from '../../transport/connection.js'
import type {DaemonContext} from '../context.js'
import {progressOf} from './service.js'

export function taskMethods({stacks}: DaemonContext): Pick<Handlers, 'task.list' | 'task.run'> {
  return {
    'task.list': ({stack}) => ({tasks: stacks.find(stack).status([]).tasks}),
    'task.run': ({stack, task, env, force, requestId}, call) =>
      stacks.find(stack).runTask(task, {env, force, requestId, ...progressOf(call)}),
  }
}

import type {Handlers} from '../../transport/connection.js'
import type {DaemonContext} from '../context.js'
import {environmentOf} from '../login-environment.js'
import {progressOf} from './service.js'

export function taskMethods({stacks}: DaemonContext): Pick<Handlers, 'task.list' | 'task.run'> {
  return {
    'task.list': ({stack}) => ({tasks: stacks.find(stack).status([]).tasks}),
    'task.run': ({stack, task, force, requestId, ...caller}, call) =>
      stacks.find(stack).runTask(task, {env: environmentOf(caller), force, requestId, ...progressOf(call)}),
  }
}

import {abortable} from '../../process/abortable.js'
import type {Handlers} from '../../transport/connection.js'
import type {DaemonContext} from '../context.js'

export function healthMethods({stacks}: DaemonContext): Pick<Handlers, 'health.check'> {
  return {
    async 'health.check'({stack: reference, services}, {signal}) {
      const stack = stacks.find(reference)
      const checked = await abortable(stack.checkHealth(services, signal), signal)
      return {stack: stack.id, name: stack.definition.name, services: checked}
    },
  }
}

import {stackVariables} from '../../stack/stack-variables.js'
import type {Handlers} from '../../transport/connection.js'
import type {DaemonContext} from '../context.js'

export function envMethods({stacks}: DaemonContext): Pick<Handlers, 'env.get'> {
  return {
    'env.get': ({stack, names}) => ({variables: stackVariables(stacks.find(stack).definition, names)}),
  }
}

import type {Handlers} from '../../transport/connection.js'
import type {DaemonContext} from '../context.js'

export function typesMethods({catalogue}: DaemonContext): Pick<Handlers, 'types.list'> {
  return {
    'types.list': ({type}) => ({
      types: catalogue.types.filter(({name}) => type === undefined || name === type),
      problems: catalogue.problems,
    }),
  }
}

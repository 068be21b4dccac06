import type {ResultOf} from '@service-harness/cli/plugin'
import type {GraphService} from './graph-stack.js'
import {tableLines} from './table-lines.js'

type Services = ResultOf<'service.status'>['services']

/** Services with their types, states and addresses. */
export function serviceLines(services: Services, known: readonly GraphService[]): readonly string[] {
  const typeOf = (name: string): string => known.find(({service}) => service === name)?.serviceType ?? ''
  return tableLines(
    ['SERVICE', 'TYPE', 'STATE', 'ADDRESSES'],
    services.map(({name, state, endpoints}) => [
      name,
      typeOf(name),
      state,
      endpoints.map((each) => `${each.name} ${each.url}`).join('  '),
    ]),
  )
}

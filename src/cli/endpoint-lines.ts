import type {ServiceStatus} from '../core/contract/status.js'
import type {Style} from './style.js'
import {tableLines} from './table.js'

/** Where the services that run can be reached: a line each. */
export function endpointLines(services: readonly ServiceStatus[], style: Style): readonly string[] {
  const rows = services
    .filter(({pid, container, host}) => pid !== null || container !== null || host !== null)
    .flatMap(({name, endpoints}) => endpoints.map((endpoint) => ({service: name, endpoint})))
  if (rows.length === 0) return []
  const isNamed = rows.some(
    ({service, endpoint}) => endpoint.name !== 'default' && rows.filter((row) => row.service === service).length > 1,
  )
  return tableLines(
    rows,
    [
      {title: 'SERVICE', cell: ({service}) => ({text: service, paint: style.bold})},
      {title: 'ENDPOINT', cell: ({endpoint}) => (isNamed ? endpoint.name : '')},
      {title: 'URL', cell: ({endpoint}) => ({text: endpoint.url, paint: style.cyan})},
    ],
    style.dim,
  )
}

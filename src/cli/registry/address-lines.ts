import type {AddressView} from '../../core/contract/registry.js'
import type {Style} from '../style.js'
import {tableLines} from '../table.js'

/** So many askers are named; programs get all. */
const named = 4

/** Below an entry: who reaches the service by which address, and why. */
export function addressLines(addresses: readonly AddressView[], style: Style): readonly string[] {
  if (addresses.length === 0) return []
  const lines = tableLines(
    addresses,
    [
      {title: 'ASKED BY', cell: askers},
      {
        title: 'ADDRESS',
        cell: ({host, endpoints}) => ({
          text: host === null ? 'none' : endpoints.map(({url}) => url).join(' ') || host,
          paint: style[host === null ? 'yellow' : 'cyan'],
        }),
      },
      {title: 'NETWORK', cell: ({network}) => network ?? ''},
      {title: 'WHY', cell: ({reason}) => reason},
    ],
    style.dim,
  )
  return ['', ...lines.map((line) => `  ${line}`)]
}

function askers({here, services}: AddressView): string {
  const all = [...(here ? ['this machine'] : []), ...services]
  return all.length <= named ? all.join(', ') : `${all.slice(0, named).join(', ')} and ${all.length - named} more`
}

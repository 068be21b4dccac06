import type {Diagnostic} from '../contract/diagnostic.js'
import type {StackDefinition} from '../contract/stack.js'
import {joinPath} from './node.js'
import {pointerTo} from './reading.js'
import {didYouMean} from './suggest.js'

/** Services on a network that the stack does not have. */
export function checkNetworks({services, networks = {}}: StackDefinition): Diagnostic[] {
  const known = Object.keys(networks)
  return Object.entries(services).flatMap(([name, {network}]): Diagnostic[] => {
    if (network === undefined || known.includes(network)) return []
    const there = known.length === 0 ? 'the stack has no networks' : `known are ${known.join(', ')}`
    const suggestion = didYouMean(network, known) ?? `add '${network}: {type: local}' under 'networks'`
    return [
      {
        severity: 'error',
        code: 'CONFIG_UNKNOWN_REFERENCE',
        message: `${joinPath('services', name)}.network names '${network}', which is not there; ${there}.`,
        pointer: pointerTo(pointerTo('/services', name), 'network'),
        suggestion,
      },
    ]
  })
}

import {invalidStack} from './invalid-stack.js'
import type {Diagnostic} from '../contract/diagnostic.js'
import type {NetworkDefinition, StackDefinition} from '../contract/stack.js'
import {declaredAddresses, leasePrefix, planLeases, type Lease} from '../registry/leases.js'
import {toJson} from '../service/record.js'
import type {Change, StoreView} from '../store/store.js'
import {machineFacts} from './surroundings.js'

/**
 * What is to be committed with a stack so that each node of its networks has an address. CONFIG_INVALID with a diagnostic for each that cannot have
 * one. `others`: the networks of all other stacks.
 */
export function leaseAddresses(
  stack: string,
  definition: StackDefinition,
  {store, others}: {readonly store: StoreView; readonly others: readonly NetworkDefinition[]},
): readonly Change[] {
  const held = store.entries(leasePrefix).map(([key, lease]) => [key, lease as unknown as Lease] as const)
  const {networks = {}} = definition
  if (held.length === 0 && Object.keys(networks).length === 0) return []
  const own = machineFacts().interfaces.map(({address}) => address)
  const taken = new Set([...own, ...declaredAddresses(others)])
  const {leases, released, problems} = planLeases({stack, networks, held: new Map(held), taken})
  if (problems.length > 0) {
    throw invalidStack(
      definition.file,
      problems.map(({network, index, reason}): Diagnostic => ({
        severity: 'error',
        code: 'CONFIG_INVALID_VALUE',
        message: `networks.${network}.nodes[${index}] cannot have an address: ${reason}.`,
        pointer: `/networks/${network}/nodes/${index}`,
        suggestion: `give it another 'address', or the network a larger 'subnet'`,
      })),
    )
  }
  return [
    ...released.map((key) => ({key, value: undefined})),
    ...[...leases].map(([key, lease]) => ({key, value: toJson(lease)})),
  ]
}

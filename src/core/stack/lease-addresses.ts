import {invalidStack} from './invalid-stack.js'
import type {Diagnostic} from '../contract/diagnostic.js'
import type {NetworkDefinition, StackDefinition} from '../contract/stack.js'
import {declaredAddresses, leasePrefix, planLeases, type Lease} from '../registry/leases.js'
import {toJson} from '../service/record.js'
import type {Change, StoreView} from '../store/store.js'
import {machineFacts} from './surroundings.js'

/** A stack beside the one that addresses are for. */
interface OtherStack {
  readonly id: string
  /** Something of it is, or is to be, up. */
  readonly isActive: boolean
  readonly networks: readonly NetworkDefinition[]
}

/**
 * What is to be committed with a stack so that each node of its networks has an address. CONFIG_INVALID with a diagnostic for each that cannot have
 * one. `others`: all other stacks.
 */
export function leaseAddresses(
  stack: string,
  definition: StackDefinition,
  {store, others}: {readonly store: StoreView; readonly others: readonly OtherStack[]},
): readonly Change[] {
  const held = store.entries(leasePrefix).map(([key, lease]) => [key, lease as unknown as Lease] as const)
  const {networks = {}} = definition
  if (held.length === 0 && Object.keys(networks).length === 0) return []
  const {leases, released, problems} = planLeases({stack, networks, held: new Map(held), taken: takenBy(others)})
  if (problems.length > 0) {
    throw invalidStack(
      definition.file,
      problems.map(({network, index, reason, holders}): Diagnostic => ({
        severity: 'error',
        code: 'CONFIG_INVALID_VALUE',
        message: `networks.${network}.nodes[${index}] cannot have an address: ${reason}.`,
        pointer: `/networks/${network}/nodes/${index}`,
        suggestion: `give it another 'address', or the network a larger 'subnet'${freeing(holders, others)}`,
      })),
    )
  }
  return [
    ...released.map((key) => ({key, value: undefined})),
    ...[...leases].map(([key, lease]) => ({key, value: toJson(lease)})),
  ]
}

function takenBy(others: readonly OtherStack[]): ReadonlyMap<string, string | undefined> {
  const given = others.flatMap(({id, networks}) => declaredAddresses(networks).map((address) => [address, id] as const))
  const own = machineFacts().interfaces.map(({address}) => [address, undefined] as const)
  return new Map([...given, ...own])
}

/** Of the holders, the one that is the easiest to do without: at best one of which nothing runs. */
function freeing(holders: readonly string[], others: readonly OtherStack[]): string {
  const isActive = (id: string): boolean => others.some((other) => other.id === id && other.isActive)
  const holder = holders.find((id) => !isActive(id)) ?? holders[0]
  if (holder === undefined) return ''
  const stop = isActive(holder) ? `harness stop --stack ${holder} && ` : ''
  return `, or free what a stack holds that is no longer needed: ${stop}harness forget --stack ${holder}`
}

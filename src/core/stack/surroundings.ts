import {hostname, networkInterfaces} from 'node:os'
import type {StackDefinition} from '../contract/stack.js'
import {leaseKey, type Lease} from '../registry/leases.js'
import type {MachineFacts, World} from '../registry/world.js'
import type {StoreView} from '../store/store.js'

/** What this machine says of itself at this moment. */
export function machineFacts(): MachineFacts {
  const interfaces = Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses.map(({address}) => ({name, address})),
  )
  return {hostname: hostname(), interfaces}
}

/** The hosts and networks around a stack, at this moment. */
export function worldOf(stack: string, {networks = {}}: StackDefinition, store: StoreView): World {
  return {
    machine: machineFacts(),
    networks,
    lease(network, node) {
      const lease = store.get(leaseKey(stack, network, node)) as Lease | undefined
      return lease?.address
    },
  }
}

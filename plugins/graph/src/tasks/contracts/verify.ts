import {codeAt, type Chain} from '../shared/chain.js'
import {taskFailed} from '../shared/task-error.js'
import type {FoundContract} from './found-contract.js'
import type {ContractsTask} from './task-of.js'

/** Asks the chain for each contract. Throws with all that are not there. */
export async function verifyAll(
  {services, context, wire}: ContractsTask,
  chain: Chain,
  contracts: readonly FoundContract[],
  hint: string,
): Promise<void> {
  const missing: FoundContract[] = []
  for (const each of contracts) {
    if ((await codeAt(chain, each.address, wire)) === undefined) missing.push(each)
    else context.emit({contract: each.name, address: each.address, status: 'verified'})
  }
  if (missing.length === 0) return
  const told = missing.map(({name, address}) => `${name} at ${address}`).join(', ')
  throw taskFailed({services}, `chain ${chain.id} at ${chain.url} has no code for ${told}`, hint)
}

/** Throws when a name that must be there is not. */
export function requireNames({services, input}: ContractsTask, contracts: readonly FoundContract[]): void {
  const missing = (input.contracts ?? []).filter((name) => contracts.every((each) => each.name !== name))
  if (missing.length === 0) return
  const found = contracts.map(({name}) => name).join(', ') || 'none'
  throw taskFailed({services}, `contracts that must be there are not: ${missing.join(', ')} (there are: ${found})`)
}

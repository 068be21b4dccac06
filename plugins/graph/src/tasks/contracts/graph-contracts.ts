import type {PluginServices, TaskType} from '@service-harness/cli/plugin'
import {readChain} from '../shared/chain.js'
import {readBook} from './address-book.js'
import {contractsEvent} from './contracts-event.js'
import {deploy} from './deploy.js'
import {stillDone} from './done.js'
import {sameAddress} from './found-contract.js'
import {contractsInput, kindOf, type ContractsInput} from './input.js'
import {contractsOutput, type ContractsOutput} from './output.js'
import {addressBook, whatWasDone} from './places.js'
import {taskOf, type ContractsEvent, type ContractsTask} from './task-of.js'
import {verifyDeployment} from './verify-deployment.js'

/** `task_type: graph-contracts` */
export function graphContracts(services: PluginServices): TaskType<ContractsInput, ContractsOutput, ContractsEvent> {
  return {
    type: 'graph-contracts',
    summary: 'Deploys contracts by the tool of their project, and has their addresses as outputs.',
    input: contractsInput,
    output: contractsOutput,
    event: contractsEvent,
    isComplete: (input, context) => isComplete(taskOf(services, input, context)),
    run(input, context) {
      const task = taskOf(services, input, context)
      return kindOf(input) === 'verify-deployment' ? verifyDeployment(task) : deploy(task)
    },
  }
}

/** Complete only while all that was deployed is on this very chain, and in the address book. A look whether it is there is never complete. */
async function isComplete(task: ContractsTask): Promise<boolean> {
  const {input, services, wire} = task
  if (kindOf(input) === 'verify-deployment') return false
  const chain = await readChain(input.ethereum_url, wire)
  const done = await stillDone(whatWasDone(task, chain.id), chain, wire)
  if (done === undefined) return false
  const booked = await readBook(addressBook(task), chain.id, {services})
  return done.every(({name, address}) =>
    booked.some((each) => each.name === name && sameAddress(each.address, address)),
  )
}

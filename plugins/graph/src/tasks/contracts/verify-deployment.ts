import path from 'node:path'
import {readChain} from '../shared/chain.js'
import {taskFailed} from '../shared/task-error.js'
import {readBook} from './address-book.js'
import type {FoundContract} from './found-contract.js'
import {answer, type ContractsOutput} from './output.js'
import {addressBook} from './places.js'
import {firstOfEach, recordsOf} from './records/all-records.js'
import type {ContractsTask} from './task-of.js'
import {requireNames, verifyAll} from './verify.js'

const hint = 'Run the task that deploys them.'

/** Looks whether contracts that were deployed before are on the chain. */
export async function verifyDeployment(task: ContractsTask): Promise<ContractsOutput> {
  const {input, services, context, wire} = task
  const chain = await readChain(input.ethereum_url, wire)
  const book = addressBook(task)
  const booked = await readBook(book, chain.id, {services})
  const isWanted = ({name}: FoundContract): boolean => input.contracts?.includes(name) ?? true
  const former = booked.filter(
    (each) => isWanted(each) && (each.genesisHash ?? chain.genesisHash) !== chain.genesisHash,
  )
  if (former.length > 0) {
    const names = former.map(({name}) => name).join(', ')
    throw taskFailed(
      {services},
      `${names} were deployed to a former chain ${chain.id}, which was begun anew since`,
      hint,
    )
  }
  const known = firstOfEach([...booked, ...(await ofTheTools(task, chain.id))])
  requireNames(task, known)
  const contracts = known.filter(isWanted)
  if (contracts.length === 0) throw taskFailed({services}, `${book} has no contract of chain ${chain.id}`, hint)
  await verifyAll(task, chain, contracts, hint)
  return answer({chain, contracts, book})

  function ofTheTools({input: {working_dir: project}}: ContractsTask, chainId: number) {
    if (project === undefined) return Promise.resolve([])
    return recordsOf({tool: 'command', input, directory: path.resolve(context.directory, project), chainId})
  }
}

import {codeAt, hasTransaction, readChain, type Chain} from '../shared/chain.js'
import {runTool, type ToolLine} from '../shared/run-tool.js'
import {taskFailed} from '../shared/task-error.js'
import {workingDirectory} from '../shared/working-directory.js'
import {readBook, writeBook} from './address-book.js'
import {writeDone} from './done.js'
import {detectTool} from './detect-tool.js'
import {sameAddress, type FoundContract} from './found-contract.js'
import {kindOf} from './input.js'
import {ContractLines} from './contract-lines.js'
import {answer, type ContractsOutput} from './output.js'
import {addressBook, whatWasDone} from './places.js'
import {firstOfEach, recordsOf, type Place} from './records/all-records.js'
import {recordedTransactions} from './records/transactions.js'
import {say, type ContractsTask} from './task-of.js'
import {toolCommand} from './tool-command.js'
import {requireNames, verifyAll} from './verify.js'

/** Runs the tool, finds what it has deployed, and writes that down once the chain has all of it. */
export async function deploy(task: ContractsTask): Promise<ContractsOutput> {
  const {input, services, context, wire} = task
  const directory = await workingDirectory(input.working_dir ?? '.', context.directory, {services})
  const tool = await detectTool(input, directory, {services})
  const chain = await readChain(input.ethereum_url, wire)
  const place: Place = {tool, input, directory, chainId: chain.id}
  const book = addressBook(task)
  const before = await knownBefore(task, chain, {place, book})
  const isStale = shallForget(task, chain, {tool, before})
  const command = await toolCommand({tool, input, directory, chain, isStale}, {services, wire})
  const lines = new ContractLines(before.there, input.contract)
  const onLine = (line: ToolLine): void => {
    context.emit(line)
    for (const event of lines.take(line.text)) context.emit(event)
  }
  await runTool(command, {services, context, onLine})
  const contracts = chosen(task, {before, after: await recordsOf(place), said: lines.contracts()})
  if (contracts.length === 0) throw nothingFound(task, [command.program, ...command.args])
  for (const event of lines.others(contracts)) context.emit(event)
  await verifyAll(
    task,
    chain,
    contracts,
    'See that the tool deploys to this chain: it is given its address as ETHEREUM_URL.',
  )
  requireNames(task, contracts)
  await writeBook(book, chain, contracts, {services})
  await writeDone(whatWasDone(task, chain.id), chain, contracts, wire)
  return answer({chain, contracts, book})
}

interface Before {
  /** What the tool's files say. */
  readonly records: readonly FoundContract[]
  /** Those of them that are on the chain. */
  readonly there: readonly FoundContract[]
  /** What is remembered is of a former chain of this id. */
  readonly isFormer: boolean
}

async function knownBefore(
  {services, wire}: ContractsTask,
  chain: Chain,
  {place, book}: {readonly place: Place; readonly book: string},
): Promise<Before> {
  const records = await recordsOf(place)
  const there: FoundContract[] = []
  for (const each of records) if ((await codeAt(chain, each.address, wire)) !== undefined) there.push(each)
  const booked = await readBook(book, chain.id, {services})
  let isFormer = booked.some(({genesisHash = chain.genesisHash}) => genesisHash !== chain.genesisHash)
  for (const hash of await recordedTransactions(place)) isFormer ||= !(await hasTransaction(chain, hash, wire))
  return {records, there, isFormer}
}

/** hardhat-deploy refuses to work with what it remembers of a chain that is no more, and Ignition may take it for done. A chain for development is begun anew all the time; of another one, nothing is ever forgotten. */
function shallForget(
  task: ContractsTask,
  chain: Chain,
  {tool, before: {records, there, isFormer}}: {readonly tool: string; readonly before: Before},
): boolean {
  const remembers = tool === 'hardhat-deploy' || tool === 'ignition'
  const isStale = remembers && (there.length < records.length || (isFormer && records.length > 0))
  if (!isStale) return false
  const names = records.map(({name}) => name).join(', ')
  const what = `${tool} remembers ${names} of a former chain ${chain.id}`
  say(
    task,
    chain.isDevelopment
      ? `${what}: --reset makes it forget them.`
      : `${what}. Since this is no chain for development, that is left as it is.`,
  )
  return chain.isDevelopment
}

/** Files come before text, and what is new before what was there: tools that deploy in vain leave old files as they are. */
function chosen(
  {input}: ContractsTask,
  found: {readonly before: Before; readonly after: readonly FoundContract[]; readonly said: readonly FoundContract[]},
): readonly FoundContract[] {
  const {before, after, said} = found
  const isIn = (list: readonly FoundContract[], {name, address}: FoundContract): boolean =>
    list.some((each) => each.name === name && sameAddress(each.address, address))
  const fresh = after.filter((each) => !isIn(before.records, each))
  const still = kindOf(input) === 'deploy-all' ? after.filter((each) => isIn(before.there, each)) : []
  return firstOfEach([...fresh, ...said, ...still])
}

function nothingFound({services}: ContractsTask, words: readonly string[]): Error {
  return taskFailed(
    {services},
    `\`${words.join(' ')}\` has ended well, and no address was found in its files nor in what it printed`,
    'Name the file that it writes in `address_files`, or let it print lines such as `Token deployed at 0x…`.',
  )
}

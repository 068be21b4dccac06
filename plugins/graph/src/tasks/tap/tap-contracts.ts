import {createHash} from 'node:crypto'
import path from 'node:path'
import type {PluginServices, TaskContext, TaskType} from '@service-harness/cli/plugin'
import type {Wire} from '../../shared/http.js'
import {contractsEvent} from '../contracts/contracts-event.js'
import {doneFile, stillDone, writeDone} from '../contracts/done.js'
import {sameAddress, type FoundContract} from '../contracts/found-contract.js'
import {answer, contractsOutput, type ContractsOutput} from '../contracts/output.js'
import {addressFileRecords} from '../contracts/records/address-file.js'
import type {ContractsEvent} from '../contracts/task-of.js'
import {codeAt, readChain, type Chain} from '../shared/chain.js'
import {chainVariables} from '../shared/chain-variables.js'
import {forgeCreate, forgeSigning, type ForgeSigning} from '../shared/forge.js'
import {runTool} from '../shared/run-tool.js'
import {taskFailed, taskWire} from '../shared/task-error.js'
import {workingDirectory} from '../shared/working-directory.js'
import {writeJson} from '../shared/write-json.js'
import {deployedTo} from './deployed-to.js'
import {tapInput, type TapContract, type TapInput} from './input.js'

interface TapTask {
  readonly services: PluginServices
  readonly input: TapInput
  readonly context: TaskContext<ContractsEvent>
  readonly wire: Wire
}

/** `task_type: tap-contracts` */
export function tapContracts(services: PluginServices): TaskType<TapInput, ContractsOutput, ContractsEvent> {
  const taskOf = (input: TapInput, context: TaskContext<ContractsEvent>): TapTask => ({
    services,
    input,
    context,
    wire: taskWire({services}, context.signal),
  })
  return {
    type: 'tap-contracts',
    summary:
      'Deploys contracts one by one with `forge create`, such as those of TAP, and has their addresses as outputs.',
    input: tapInput,
    output: contractsOutput,
    event: contractsEvent,
    isComplete: (input, context) => isComplete(taskOf(input, context)),
    run: (input, context) => run(taskOf(input, context)),
  }
}

async function isComplete(task: TapTask): Promise<boolean> {
  const chain = await readChain(task.input.ethereum_url, task.wire)
  const done = await stillDone(memory(task, chain), chain, task.wire)
  if (done === undefined) return false
  const booked = await addressFileRecords(addressBook(task), chain.id)
  return done.every(({name, address}) =>
    booked.some((each) => each.name === name && sameAddress(each.address, address)),
  )
}

async function run(task: TapTask): Promise<ContractsOutput> {
  const {services, input, context, wire} = task
  const directory = await workingDirectory(input.working_dir, context.directory, {services})
  const chain = await readChain(input.ethereum_url, wire)
  const signing = await forgeSigning(chain, {services, wire})
  const contracts: FoundContract[] = []
  for (const contract of input.contracts) {
    contracts.push(await deployOne(task, contract, {directory, chain, signing, before: contracts}))
  }
  const book = addressBook(task)
  await writeJson(book, Object.fromEntries(contracts.map(({name, address}) => [name, address])))
  await writeDone(memory(task, chain), chain, contracts, wire)
  return answer({chain, contracts, book})
}

interface Around {
  readonly directory: string
  readonly chain: Chain
  readonly signing: ForgeSigning
  readonly before: readonly FoundContract[]
}

async function deployOne(
  {services, input, context, wire}: TapTask,
  {name, path: contract, args = []}: TapContract,
  {directory, chain, signing, before}: Around,
): Promise<FoundContract> {
  const addressOf = (wanted: string): string => {
    const found = before.find((each) => each.name === wanted)
    if (found) return found.address
    throw taskFailed({services}, `an argument of ${name} is the contract ${wanted}, which does not stand before it`)
  }
  const given = args.map((arg) => (typeof arg === 'string' ? arg : addressOf(arg.contract)))
  context.emit({contract: name, status: 'deploying'})
  const command = forgeCreate({contract, args: given, signing, isJson: true})
  const lines = await runTool(
    {...command, cwd: directory, env: {...chainVariables(chain.url), ...input.env}},
    {
      services,
      context,
      onLine: (line) => {
        context.emit(line)
      },
    },
  )
  const address = deployedTo(lines.filter(({stream}) => stream === 'stdout').map(({text}) => text))
  if (address === undefined) {
    throw taskFailed({services}, `\`forge create ${contract}\` has ended well and printed no address`)
  }
  if ((await codeAt(chain, address, wire)) === undefined) {
    throw taskFailed({services}, `chain ${chain.id} at ${chain.url} has no code for ${name} at ${address}`)
  }
  context.emit({contract: name, address, status: 'deployed'})
  return {name, address}
}

function addressBook({input, context, services}: TapTask): string {
  const {address_book: named, working_dir: project} = input
  if (named !== undefined) return path.resolve(context.directory, named)
  const directory = path.resolve(context.directory, project)
  const key = createHash('sha256').update(directory).digest('hex').slice(0, 8)
  return path.join(services.stateDir, 'addresses', `${path.basename(directory)}-${key}-tap.json`)
}

function memory({input, context, services}: TapTask, chain: Chain): string {
  const {working_dir: project, contracts, env} = input
  return doneFile(services.stateDir, ['tap', chain.id, context.directory, project, contracts, env])
}

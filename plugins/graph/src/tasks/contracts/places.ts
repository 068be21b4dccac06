import {createHash} from 'node:crypto'
import path from 'node:path'
import {taskFailed} from '../shared/task-error.js'
import {doneFile} from './done.js'
import {kindOf} from './input.js'
import type {ContractsTask} from './task-of.js'

/** The address book. One that nobody names is the project's, so that all tasks of a project see the same; in the state of harness, so that nothing is left in the folder of the stack. */
export function addressBook({input, context, services}: ContractsTask): string {
  const {address_book: named, working_dir: project} = input
  if (named !== undefined) return path.resolve(context.directory, named)
  if (project === undefined) {
    throw taskFailed(
      {services},
      'it is not said where the addresses are',
      'Name the file in `address_book`, or the project that was deployed in `working_dir`.',
    )
  }
  const directory = path.resolve(context.directory, project)
  const key = createHash('sha256').update(directory).digest('hex').slice(0, 8)
  return path.join(services.stateDir, 'addresses', `${path.basename(directory)}-${key}.json`)
}

/** Where it is remembered what was deployed. The address of the chain is no part: its port may be another one each time. */
export function whatWasDone(task: ContractsTask, chainId: number): string {
  const {input, context, services} = task
  const {ethereum_url: _url, type: _type, address_book: _book, ...rest} = input
  return doneFile(services.stateDir, [chainId, context.directory, kindOf(input), Object.entries(rest).sort()])
}

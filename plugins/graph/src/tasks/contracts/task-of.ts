import type {PluginServices, TaskContext} from '@service-harness/cli/plugin'
import type {Wire} from '../../shared/http.js'
import type {ToolLine} from '../shared/run-tool.js'
import {taskWire} from '../shared/task-error.js'
import type {ContractsInput} from './input.js'

/** What clients hear meanwhile: of a contract, or a line of the tool. */
export type ContractsEvent =
  {readonly contract: string; readonly address?: string; readonly status: ContractStatus} | ToolLine

export type ContractStatus = 'deployed' | 'deploying' | 'reused' | 'verified'

/** One run of `graph-contracts`. */
export interface ContractsTask {
  readonly services: PluginServices
  readonly input: ContractsInput
  readonly context: TaskContext<ContractsEvent>
  readonly wire: Wire
}

export function taskOf(
  services: PluginServices,
  input: ContractsInput,
  context: TaskContext<ContractsEvent>,
): ContractsTask {
  return {services, input, context, wire: taskWire({services}, context.signal)}
}

/** A line of the task's own, among those of the tool. */
export function say({context}: Pick<ContractsTask, 'context'>, text: string): void {
  context.emit({stream: 'stdout', text})
}

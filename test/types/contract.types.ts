// Compile-time tests: this file only has to type-check.
import type {Executor, ExecutorFactory, HarnessPlugin, ServiceType, TaskType} from '@service-harness/cli/plugin'
import type {ParamsOf, ResultOf} from '../../src/core/protocol/methods.js'

interface DockerSpec {
  readonly image: string
}
declare const factory: ExecutorFactory<DockerSpec, {readonly id: string}>
declare const executor: Executor<DockerSpec, {readonly id: string}>
declare const service: ServiceType<{readonly port: number}>
declare const task: TaskType<{readonly contract: string}, number>

// Typed parts fit the erased tables without `any`.
export const plugin: HarnessPlugin = {
  name: 'x',
  executors: [factory],
  serviceTypes: [service],
  taskTypes: [task],
}
export const erased: Executor = executor

export const params: ParamsOf<'task.list'> = {stack: 'demo'}
export const result: ResultOf<'stack.load'> = {stack: 'demo-1a2b3c4d'}
// @ts-expect-error parameters are typed
export const typo: ParamsOf<'task.list'> = {stak: 'demo'}
